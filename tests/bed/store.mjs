// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the authorization server keeps its grants and tokens: plain maps in memory,
// shared by its HTTPS and its HTTP issuer.
//
// Nothing is thrown away when it expires, because a dead device code has to go on
// answering `expired_token`; the beds that hold it live for minutes.

const records = new Map();
const userCodes = new Map();
const sessions = new Map();

const keyOf = (model, id) => `${model}:${id}`;

/** The storage interface that oidc-provider asks for, one instance per model. */
export class Store {
  constructor(model) {
    this.model = model;
  }

  async upsert(id, payload) {
    records.set(keyOf(this.model, id), payload);
    if (payload.userCode) userCodes.set(payload.userCode, id);
    if (this.model === 'Session') sessions.set(payload.uid, id);
  }

  async find(id) {
    return records.get(keyOf(this.model, id));
  }

  async findByUserCode(userCode) {
    return this.find(userCodes.get(userCode));
  }

  async findByUid(uid) {
    return this.find(sessions.get(uid));
  }

  async consume(id) {
    records.get(keyOf(this.model, id)).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    records.delete(keyOf(this.model, id));
  }

  async revokeByGrantId(grantId) {
    forget((model, payload) => payload.grantId === grantId && model !== 'DeviceCode');
  }
}

/** Deletes every record that `matches(model, payload)`; returns how many. */
export function forget(matches) {
  let count = 0;
  for (const [key, payload] of records) {
    if (!matches(key.slice(0, key.indexOf(':')), payload)) continue;
    records.delete(key);
    count += 1;
  }
  return count;
}

/** How many live records each model has; no secrets, so it may be printed. */
export function census() {
  const counts = {};
  for (const key of records.keys()) {
    const model = key.slice(0, key.indexOf(':'));
    counts[model] = (counts[model] ?? 0) + 1;
  }
  return counts;
}

/** The scopes a refresh token was granted, or undefined when it is unknown. */
export function refreshTokenScope(token) {
  return records.get(keyOf('RefreshToken', token))?.scope;
}
