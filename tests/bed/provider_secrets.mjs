// SPDX-License-Identifier: GPL-3.0-or-later
//
// What nobody but the program and this server may know, as it passes: for tests that look for
// traces of it. Kept in memory until the bed ends; never logged.

const kinds = ['access_token', 'refresh_token', 'id_token', 'code', 'code_verifier', 'device_code', 'client_secret'];

/** Adds the secrets among the fields of a form or an answer to `seen`, a map from value to kind. */
export function noteSecrets(seen, fields) {
  if (typeof fields !== 'object' || fields === null) return;
  for (const kind of kinds) {
    const value = fields[kind];
    if (typeof value === 'string' && value && !seen.has(value)) seen.set(value, kind);
  }
}
