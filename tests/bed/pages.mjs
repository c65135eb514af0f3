// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pages a person sees at the authorization server: sign in, consent, deny.
//
// Plain forms without script or style, so that a browser, a person and signin.py all
// get through them. The form with id "deny" refuses at every step.

import querystring from 'node:querystring';

const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

function page(ctx, title, body, status = 200) {
  ctx.status = status;
  ctx.type = 'text/html; charset=utf-8';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>`
    + `<link rel="icon" href="data:,"></head><body><h1>${title}</h1>${body}</body></html>`;
}

const denyForm = (base) => `<form id="deny" method="post" action="${base}/abort">`
  + '<button id="cancel" type="submit">Cancel</button></form>';

function loginPage(ctx, base, hint, problem = '') {
  page(ctx, 'Sign in to the test bed', `<p>${problem}</p>
    <form id="login" method="post" action="${base}/login">
    <label>Account <input name="login" type="text" value="${escapeHtml(hint ?? '')}"></label>
    <label>Password <input name="password" type="password"></label>
    <button id="submit" type="submit">Sign in</button></form>${denyForm(base)}`);
}

function consentPage(ctx, base, { params, session }) {
  const scopes = (params.scope ?? '').split(' ').map((s) => `<li>${escapeHtml(s)}</li>`).join('');
  page(ctx, 'Permissions requested', `<p>${escapeHtml(session?.accountId ?? '')}</p><ul>${scopes}</ul>
    <form id="consent" method="post" action="${base}/confirm">
    <button id="submit" type="submit">Accept</button></form>${denyForm(base)}`);
}

async function grantFor(provider, interaction, settings) {
  const { grantId, session, params, prompt } = interaction;
  const grant = (grantId && await provider.Grant.find(grantId))
    || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = prompt.details;
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
  for (const [resource, asked] of Object.entries(missingResourceScopes ?? {})) {
    const allowed = asked.filter((scope) => settings.grant_scopes?.includes(scope) ?? true);
    grant.addResourceScope(resource, allowed.join(' '));
    const denied = asked.filter((scope) => !allowed.includes(scope));
    if (denied.length) grant.rejectResourceScope(resource, denied.join(' '));
  }
  return grant.save();
}

async function readForm(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  return querystring.parse(Buffer.concat(chunks).toString());
}

/**
 * Koa middleware for /interaction/:uid and what is below it. `passwords` maps accounts to
 * sign-in passwords; `settings.grant_scopes`, when a list, is all that consent gives.
 */
export function interactions(provider, passwords, settings) {
  return async (ctx, next) => {
    const match = /^\/interaction\/([^/]+)(?:\/(login|confirm|abort))?$/.exec(ctx.path);
    if (!match) return next();
    const base = `/interaction/${match[1]}`;
    const { req, res } = ctx;
    const interaction = await provider.interactionDetails(req, res);
    const finish = async (result, mergeWithLastSubmission) => {
      ctx.status = 303;
      ctx.redirect(await provider.interactionResult(req, res, result, { mergeWithLastSubmission }));
    };
    if (!match[2]) {
      if (interaction.prompt.name === 'login') return loginPage(ctx, base, interaction.params.login_hint);
      return consentPage(ctx, base, interaction);
    }
    if (match[2] === 'abort') {
      return finish({ error: 'access_denied', error_description: 'The person declined.' }, false);
    }
    if (match[2] === 'confirm') {
      return finish({ consent: { grantId: await grantFor(provider, interaction, settings) } }, true);
    }
    const { login, password } = await readForm(req);
    const account = String(login).toLowerCase();
    if (!(account in passwords) || passwords[account] !== password) {
      return loginPage(ctx, base, login, 'Account or password is wrong.');
    }
    return finish({ login: { accountId: account } }, false);
  };
}
