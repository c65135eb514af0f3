// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be wrong with a keyring, in words; each is kStorage with a code of its own. Any thread.
#pragma once

#include <gio/gio.h>

#include <chrono>

#include "base/result.h"

namespace mail_oauth::keyring {

Error locked();  ///< "locked": or the person dismissed the question.
Error not_answered(std::chrono::milliseconds limit);  ///< "locked": by the person, in time.
Error too_slow();       ///< "slow": the service answered nothing at all.
Error no_reply();       ///< "locked": not in time, which is what a question of its own looks like.
Error no_service();     ///< "no-service": nobody on the bus keeps secrets.
Error no_bus();         ///< "no-bus": there is no session bus.
Error no_collection();  ///< "no-collection": no default keyring to look or store in.

/// The one of these that `error` means; else its own words, with the code "keyring".
Error from_gerror(const GError* error);
/// The same where something was to be stored or deleted: a service that fails at that may have no
/// room.
Error from_write_error(const GError* error);

/// Whether the environment names a session bus. Without, GLib would start one of its own where
/// DISPLAY is set, and the secrets would be in nobody's keyring.
bool bus_is_named();

}  // namespace mail_oauth::keyring
