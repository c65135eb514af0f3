// SPDX-License-Identifier: GPL-3.0-or-later
//
// The back door of the authorization server: control.py posts {"op": ...} here.
// Bound to 127.0.0.1; README.md lists the operations.

import http from 'node:http';

import { census, forget } from './store.mjs';

const ofUser = (user) => (model, payload) => payload.accountId === user && model !== 'Session';

function perform(command, { settings, requests, secrets }) {
  switch (command.op) {
    case 'set': {
      const unknown = Object.keys(command.settings).filter((name) => !(name in settings));
      if (unknown.length) throw new Error(`no such setting: ${unknown.join(', ')}`);
      return Object.assign(settings, command.settings);
    }
    case 'settings': return settings;
    case 'requests': {
      const counts = {};
      for (const { endpoint } of requests) counts[endpoint] = (counts[endpoint] ?? 0) + 1;
      return { requests, counts };
    }
    case 'secrets': return { secrets: Object.fromEntries(secrets) };
    case 'clear_requests': return { cleared: requests.splice(0).length };
    case 'expire_tokens': return { expired: forget((model) => model === 'AccessToken') };
    case 'revoke_user': return { revoked: forget(ofUser(command.user)) };
    case 'forget_refresh_tokens': return { forgotten: forget((model) => model === 'RefreshToken') };
    case 'expire_device_codes':
      return { expired: forget((model, payload) => { if (model === 'DeviceCode') payload.exp = 1; return false; }) };
    case 'census': return census();
    default: throw new Error(`no such operation: ${command.op}`);
  }
}

export function controlServer(state) {
  return http.createServer(async (req, res) => {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    let status = 200;
    let answer;
    try {
      answer = perform(JSON.parse(Buffer.concat(chunks).toString()), state);
    } catch (error) {
      status = 400;
      answer = { error: error.message };
    }
    res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });
}
