// SPDX-License-Identifier: GPL-3.0-or-later
#include "keyring/keyring_error.h"

#include <libsecret/secret.h>

#include <cstdlib>
#include <string>

#include "base/i18n.h"
#include "base/peer_text.h"

namespace mail_oauth::keyring {
namespace {

bool is_one_of(const GError* error, GQuark domain, std::initializer_list<int> codes) {
  if (error->domain != domain) return false;
  for (const int code : codes) {
    if (error->code == code) return true;
  }
  return false;
}

Error failed(const char* words, const GError* error) {
  return make_error(Error::Kind::kStorage,
                    format(words, {peer_words(error->message ? error->message : "")}), "keyring");
}

}  // namespace

Error locked() {
  return make_error(Error::Kind::kStorage,
                    _("The keyring is locked and was not unlocked. Unlock it and try again."),
                    "locked");
}

Error not_answered(std::chrono::milliseconds limit) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(limit).count();
  return make_error(Error::Kind::kStorage,
                    format(_("The keyring's question was not answered within {} s. Unlock the "
                             "keyring, or permit the access, and try again."),
                           {std::to_string(seconds)}),
                    "locked");
}

Error too_slow() {
  return make_error(Error::Kind::kStorage, _("The keyring did not answer in time."), "slow");
}

Error no_reply() {
  return make_error(Error::Kind::kStorage,
                    _("The keyring did not answer in time. Does it ask a question on the desktop, "
                      "such as to open its database? Unlock it and try again."),
                    "locked");
}

Error no_service() {
  return make_error(Error::Kind::kStorage,
                    _("No keyring is running (no Secret Service on the session bus). Start "
                      "gnome-keyring or another one."),
                    "no-service");
}

Error no_bus() {
  return make_error(Error::Kind::kStorage,
                    _("There is no session bus, and without it no keyring. Log in to a desktop, or "
                      "use dbus-run-session."),
                    "no-bus");
}

Error no_collection() {
  return make_error(Error::Kind::kStorage,
                    _("The keyring has no default collection: nothing can be looked up or stored. "
                      "Open its database (KeePassXC), or create one, such as with Seahorse "
                      "(Passwords and Keys)."),
                    "no-collection");
}

Error from_gerror(const GError* error) {
  if (is_one_of(error, SECRET_ERROR, {SECRET_ERROR_IS_LOCKED})) return locked();
  if (is_one_of(error, G_DBUS_ERROR,
                {G_DBUS_ERROR_NO_REPLY, G_DBUS_ERROR_TIMEOUT, G_DBUS_ERROR_TIMED_OUT}) ||
      is_one_of(error, G_IO_ERROR, {G_IO_ERROR_TIMED_OUT})) {
    return no_reply();
  }
  if (is_one_of(error, G_DBUS_ERROR,
                {G_DBUS_ERROR_SERVICE_UNKNOWN, G_DBUS_ERROR_NAME_HAS_NO_OWNER,
                 G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND, G_DBUS_ERROR_SPAWN_EXEC_FAILED,
                 G_DBUS_ERROR_SPAWN_CHILD_EXITED, G_DBUS_ERROR_SPAWN_CHILD_SIGNALED,
                 G_DBUS_ERROR_SPAWN_FAILED})) {
    return no_service();
  }
  if (is_one_of(error, G_DBUS_ERROR,
                {G_DBUS_ERROR_DISCONNECTED, G_DBUS_ERROR_NO_SERVER, G_DBUS_ERROR_NO_NETWORK}) ||
      is_one_of(error, G_IO_ERROR, {G_IO_ERROR_CLOSED})) {
    return no_bus();
  }
  return failed(_("The keyring failed: {}"), error);
}

Error from_write_error(const GError* error) {
  // gnome-keyring then: "Couldn't create item: An error occurred on the device".
  if (is_one_of(error, G_DBUS_ERROR, {G_DBUS_ERROR_FAILED})) {
    return failed(_("The keyring failed: {}. Is its disk full?"), error);
  }
  return from_gerror(error);
}

bool bus_is_named() {
  const char* address = std::getenv("DBUS_SESSION_BUS_ADDRESS");
  if (address && *address && !g_str_has_prefix(address, "autolaunch:")) return true;
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if ((address && *address) || !runtime || !*runtime) return false;
  return g_file_test((std::string(runtime) + "/bus").c_str(), G_FILE_TEST_EXISTS);
}

}  // namespace mail_oauth::keyring
