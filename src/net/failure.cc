// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/failure.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"

namespace mail_oauth::net {

namespace {

/// RFC 9110 sections 15.5.4 and 15.5.8.
constexpr int kForbidden = 403, kLoginRequired = 407;

const char* words(Failure what) {
  switch (what) {
    case Failure::kProxyName:
      return _("The proxy's name was not found, so {} could not be asked.");
    case Failure::kProxyConnect:
      return _("The proxy could not be reached, so {} could not be asked.");
    case Failure::kProxyBroke:
      return _("The proxy broke the connection, so {} could not be asked.");
    case Failure::kProxyRefused:
      return _("The proxy did not connect with {}.");
    case Failure::kProxyForbids:
      return _("The proxy does not allow connections with {}. Ask whoever runs it to allow them.");
    case Failure::kProxyNoHttp:
      return _("The proxy gave an answer that is not HTTP, so {} could not be asked.");
    case Failure::kName:
      return _("The name {} was not found. Is the network up?");
    case Failure::kConnect:
      return _("{} could not be reached. Is the network up?");
    case Failure::kBroke:
      return _("{} broke the connection before it answered.");
    case Failure::kCutOff:
      return _("The answer of {} was cut off.");
    case Failure::kNoHttp:
      return _("{} gave an answer that is not HTTP.");
    case Failure::kTooLarge:
      return _("The answer of {} is larger than 1 MiB.");
    case Failure::kNoRoom:
      return _(
          "{} could not be asked: this program, or the whole computer, has too many files or "
          "threads "
          "open. Start the program again.");
    case Failure::kUnreadable:
      break;
  }
  return _("{} gave an answer that cannot be read.");
}

bool may_be_for_want_of_room(Failure what) {
  return what == Failure::kProxyName || what == Failure::kProxyConnect || what == Failure::kName ||
         what == Failure::kConnect;
}

bool room_for_a_socket() {
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return errno != EMFILE && errno != ENFILE;
  close(descriptor);
  return true;
}

Error proxy_login(const Proxy& proxy) {
  const char* const words =
      proxy.user.empty()
          ? _("The proxy wants a user name and a password. Write them into {}, as in "
              "http://USER:PASSWORD@HOST:PORT, and start the program again.")
          : _("The proxy does not take the user name or the password in {}. Correct them there "
              "(special characters as in web addresses: %40 for @), and start the program again.");
  return make_error(Error::Kind::kConfig, format(words, {proxy.variable}), kProxyLogin);
}

}  // namespace

Error failure(Failure what, const std::string& host) {
  if (may_be_for_want_of_room(what) && !room_for_a_socket()) what = Failure::kNoRoom;
  const bool wrong =
      what == Failure::kNoHttp || what == Failure::kTooLarge || what == Failure::kUnreadable;
  return make_error(wrong ? Error::Kind::kProtocol : Error::Kind::kTransient,
                    format(words(what), {host}), what == Failure::kTooLarge ? "too_large" : "");
}

Error proxy_failure(int status, const std::string& host, const Proxy& proxy) {
  if (status == kLoginRequired) return proxy_login(proxy);
  return failure(status == kForbidden ? Failure::kProxyForbids : Failure::kProxyRefused, host);
}

}  // namespace mail_oauth::net
