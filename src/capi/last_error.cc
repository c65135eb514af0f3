// SPDX-License-Identifier: GPL-3.0-or-later
#include "capi/last_error.h"

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/i18n.h"
#include "base/kept_error.h"
#include "etpan/sasl_mechanisms.h"

namespace mail_oauth::capi {

namespace {

struct Last {
  KeptError error;
  FixedText<3200> words;  ///< Of the last mail_oauth_last_error().
};

static_assert(std::is_trivially_destructible_v<Last>, "it is asked for at the end of a process");
constinit thread_local Last last;

std::string in_words(const Error& error) {
  if (error.correlation_id.empty()) return error.what;
  return error.what + " " + format(_("(correlation id {})"), {error.correlation_id});
}

}  // namespace

void begin_entry() {
  etpan::forget_mechanism_error();
  // What stands there when `body` throws.
  last.error.keep(
      make_error(Error::Kind::kInternal,
                 format(_("Something went wrong inside mail-oauth {}; please report it."),
                        {MAIL_OAUTH_VERSION})));
}

mail_oauth_kind end_entry(const Result<void>& result) {
  last.error.forget();
  if (result) return MAIL_OAUTH_OK;
  last.error.keep(result.error());
  return static_cast<mail_oauth_kind>(exit_code(result.error().kind));
}

mail_oauth_kind last_error(const char** words) {
  // The mechanisms' is the later one: every entry forgets it.
  std::optional<Error> shown = last.error.error();
  if (auto said = etpan::last_mechanism_error()) shown = std::move(said);
  last.words.assign(shown ? in_words(*shown) : std::string());
  if (words) *words = last.words.c_str();
  if (!shown) return MAIL_OAUTH_OK;
  return static_cast<mail_oauth_kind>(exit_code(shown->kind));
}

}  // namespace mail_oauth::capi
