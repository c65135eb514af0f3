// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bed's authorization server: oidc-provider, made to behave as Microsoft's does where
// the two differ. One process, two issuers (HTTPS on localhost, HTTP on 127.0.0.1), the same
// accounts and tokens.
//
// Reads one JSON object from standard input (clients, users, certificate, settings), prints
// one line of JSON with its ports when it listens, and ends when standard input does.

import crypto from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { readFileSync } from 'node:fs';
import readline from 'node:readline';

import { Provider } from 'oidc-provider';

import { controlServer } from './provider_control.mjs';
import { behaviour } from './provider_behaviour.mjs';
import { interactions } from './pages.mjs';
import { Store } from './store.mjs';

// nanoid draws 128 tokens' worth at once, and getRandomValues gives no more than 64 KB.
crypto.webcrypto.getRandomValues = (array) => crypto.randomFillSync(array);

const lines = readline.createInterface({ input: process.stdin });
lines.once('close', () => process.exit(0));
const setup = await new Promise((resolve) => lines.once('line', (line) => resolve(JSON.parse(line))));
const { settings, mail_scopes: mailScopes, resource } = setup;
const requests = [];
const secrets = new Map();

const listen = (server, host, port = 0) => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen(port, host, () => resolve(server.address().port));
});

const jwks = {
  keys: [crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })],
};
const cookieKey = crypto.randomBytes(16).toString('hex');

async function findAccount(ctx, id) {
  const name = settings.id_token_identity ?? id;
  return {
    accountId: id,
    claims: async () => ({ sub: id, preferred_username: name, upn: name, email: name, name }),
  };
}

function clients() {
  const grants = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'];
  const redirects = ['/', '', '/callback', '/oauth2/callback'].flatMap((path) => [
    `http://127.0.0.1${path}`, `http://localhost${path}`, `http://[::1]${path}`]);
  const native = { application_type: 'native', grant_types: grants, redirect_uris: redirects };
  return [
    { ...native, client_id: setup.client_id, token_endpoint_auth_method: 'none' },
    {
      ...native,
      client_id: setup.confidential_client_id,
      client_secret: setup.client_secret,
      token_endpoint_auth_method: 'client_secret_post',
    },
    {
      client_id: setup.judge_id,
      client_secret: setup.judge_secret,
      redirect_uris: [],
      response_types: [],
      grant_types: [],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ];
}

const configuration = {
  adapter: Store,
  clients: clients(),
  jwks,
  cookies: { keys: [cookieKey] },
  findAccount,
  clockTolerance: 0,
  conformIdTokenClaims: false,
  scopes: ['openid', 'offline_access', 'profile', 'email'],
  claims: { profile: ['preferred_username', 'upn', 'name'], email: ['email'] },
  rotateRefreshToken: () => settings.rotate,
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  formats: {
    // Six bits per character: this is the token's length in bytes.
    bitsOfOpaqueRandomness: (ctx, token) => (token.kind === 'AccessToken' ? settings.token_bytes * 6 : 256),
  },
  ttl: {
    AccessToken: () => settings.token_ttl,
    RefreshToken: 90 * 86400,
    Grant: 90 * 86400,
    Session: 86400,
    Interaction: 3600,
    IdToken: 3600,
    AuthorizationCode: 60,
    DeviceCode: () => settings.device_code_ttl,
  },
  features: {
    devInteractions: { enabled: false },
    deviceFlow: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx, client, oneOf) => {
        if (oneOf) return oneOf[0];
        const asked = new Set((ctx.oidc.params.scope ?? '').split(' '));
        return mailScopes.some((scope) => asked.has(scope)) ? resource : undefined;
      },
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: mailScopes.join(' '), audience: resource, accessTokenFormat: 'opaque',
      }),
    },
  },
};

async function serve(createServer, origin, host, alsoHost) {
  let handler = (req, res) => res.destroy();
  const server = createServer((req, res) => handler(req, res));
  const port = await listen(server, host);
  if (alsoHost) {
    const other = createServer((req, res) => handler(req, res));
    await listen(other, alsoHost, port).catch(() => {}); // a machine without IPv6
  }
  const issuer = `${origin}:${port}`;
  const provider = new Provider(issuer, ownCopy(configuration));
  provider.use(behaviour({ issuer, requests, secrets, settings }));
  provider.use(interactions(provider, setup.passwords, settings));
  handler = provider.callback();
  return port;
}

/** oidc-provider edits what it is given, so each issuer gets its own top level. */
function ownCopy(original) {
  return { ...original, features: { ...original.features }, clients: clients() };
}

const tls = { cert: readFileSync(setup.certificate), key: readFileSync(setup.key) };
console.log(JSON.stringify({
  https: await serve((f) => https.createServer(tls, f), 'https://localhost', '127.0.0.1', '::1'),
  http: await serve((f) => http.createServer(f), 'http://127.0.0.1', '127.0.0.1'),
  control: await listen(controlServer({ settings, requests, secrets }), '127.0.0.1'),
}));
