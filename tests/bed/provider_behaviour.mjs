// SPDX-License-Identifier: GPL-3.0-or-later
//
// Koa middleware in front of oidc-provider: notes every request, plays an outage, and
// changes requests and answers to be what Microsoft's endpoints take and give.

import querystring from 'node:querystring';

import { noteSecrets } from './provider_secrets.mjs';
import { refreshTokenScope } from './store.mjs';

const endpoints = {
  '/auth': 'authorization',
  '/token': 'token',
  '/token/revocation': 'revocation',
  '/token/introspection': 'introspection',
  '/device/auth': 'device_authorization',
  '/device': 'device',
  '/me': 'userinfo',
  '/jwks': 'jwks',
  '/.well-known/openid-configuration': 'discovery',
  '/.well-known/oauth-authorization-server': 'discovery',
};

async function readForm(ctx) {
  const chunks = [];
  for await (const chunk of ctx.req) chunks.push(chunk);
  ctx.request.body = querystring.parse(Buffer.concat(chunks).toString());
  return ctx.request.body;
}

/** offline_access is granted without prompt=consent; prompt values it does not know are not errors. */
function relaxPrompt(ctx) {
  const prompts = String(ctx.query.prompt ?? '').split(' ');
  if (prompts.includes('none')) return;
  const wanted = prompts.includes('login') || prompts.includes('select_account') ? 'login consent' : 'consent';
  ctx.query = { ...ctx.query, prompt: wanted };
}

/** A refresh that asks for more than was granted is narrowed, not refused. */
function narrowRefresh(form) {
  const granted = refreshTokenScope(form.refresh_token)?.split(' ');
  if (form.grant_type !== 'refresh_token' || !form.scope || !granted) return;
  const scopes = form.scope.split(' ').filter((scope) => granted.includes(scope));
  if (scopes.length) form.scope = scopes.join(' ');
  else delete form.scope;
}

function changeAnswer(ctx, settings) {
  if (ctx.status !== 200 || typeof ctx.body !== 'object') return;
  if (settings.omit_refresh_token) delete ctx.body.refresh_token;
  if (settings.omit_scope) delete ctx.body.scope;
  for (const [field, value] of Object.entries(settings.token_answer_patch ?? {})) {
    if (value === null) delete ctx.body[field];
    else ctx.body[field] = value;
  }
}

/** Answers as a dead or dying server; true when the request goes no further. */
function outage(ctx, down) {
  if (!down) return false;
  ctx.respond = false;
  if (down === 'drop') ctx.req.socket.destroy();
  else if (down === '503') ctx.res.writeHead(503, { 'Content-Type': 'text/html' }).end('<h1>Service Unavailable</h1>');
  return true; // "hang": says nothing, keeps the connection
}

function scriptedAnswer(ctx, answer) {
  ctx.status = answer.status ?? 400;
  ctx.set(answer.headers ?? {});
  ctx.body = answer.body ?? '';
}

export function behaviour({ issuer, requests, secrets, settings }) {
  return async (ctx, next) => {
    const endpoint = endpoints[ctx.path] ?? (ctx.path.startsWith('/interaction/') ? 'interaction' : 'other');
    const entry = {
      issuer,
      endpoint,
      method: ctx.method,
      path: ctx.path,
      user_agent: ctx.get('user-agent'),
      query_fields: Object.keys(ctx.query),
      body_fields: [],
    };
    // The judge of the mail servers stands behind the outage: its tokens go on being valid.
    if (endpoint !== 'introspection') requests.push(entry);
    const parsed = ctx.method === 'POST' && ['token', 'revocation', 'device_authorization'].includes(endpoint);
    const form = parsed ? await readForm(ctx) : {};
    entry.body_fields = Object.keys(form);
    noteSecrets(secrets, form);
    entry.grant_type = form.grant_type;
    entry.scope = form.scope ?? ctx.query.scope;
    if (endpoint !== 'introspection' && outage(ctx, settings.down)) return;
    if (endpoint === 'authorization' && ctx.method === 'GET') relaxPrompt(ctx);
    if (endpoint === 'token') {
      narrowRefresh(form);
      if (settings.token_delay_ms) await new Promise((done) => { setTimeout(done, settings.token_delay_ms); });
    }
    if (endpoint === 'token' && settings.token_answer) scriptedAnswer(ctx, settings.token_answer);
    else await next();
    if (parsed && ctx.status === 200) noteSecrets(secrets, ctx.body);
    if (endpoint === 'token') changeAnswer(ctx, settings);
    entry.status = ctx.status;
    while (endpoint === 'token' && settings.hold_token_answers) await new Promise((done) => { setTimeout(done, 10); });
  };
}
