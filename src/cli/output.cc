// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output.h"

#include <glib.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/cptr.h"
#include "base/i18n.h"
#include "base/printable.h"
#include "explain/explanation.h"

namespace mail_oauth::cli {

namespace {

void write_line(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

Json json_of_explanation(const explain::Explanation& explanation) {
  Json object = Json::object();
  if (explanation.known()) object.set("id", Json::of(explanation.id));
  object.set("what", Json::of(explanation.what));
  object.set("who", Json::of(std::string_view(explain::who_word(explanation.who))));
  object.set("what_to_do", Json::of(explanation.what_to_do));
  if (!explanation.link.empty()) object.set("link", Json::of(explanation.link));
  return object;
}

/// And no damaged installation, which says itself what to do.
bool bug(const Error& error) {
  return error.kind == Error::Kind::kInternal && error.code != "net_module" &&
         error.code != "etpan_module";
}

}  // namespace

std::string local_time(WallTime time) {
  const CPtr<GDateTime, g_date_time_unref> local(
      g_date_time_new_from_unix_local(std::chrono::system_clock::to_time_t(time)));
  const GCharPtr text(local ? g_date_time_format(local.get(), "%Y-%m-%d %H:%M") : nullptr);
  return text ? text.get() : "?";
}

Json json_object() {
  Json object = Json::object();
  object.set("v", Json::of(std::int64_t{1}));
  return object;
}

Json json_of(const GrantKey& key) {
  Json object = Json::object();
  object.set("provider", Json::of(key.client.provider));
  object.set("client", Json::of(key.client.client));
  object.set("tenant", Json::of(key.client.tenant));
  object.set("identity", Json::of(key.identity));
  return object;
}

Json json_of(const Error& error) {
  Json object = Json::object();
  object.set("kind", Json::of(std::string_view(kind_name(error.kind))));
  object.set("message", Json::of(error.what));
  if (!error.code.empty()) object.set("code", Json::of(error.code));
  if (!error.correlation_id.empty()) {
    object.set("correlation_id", Json::of(error.correlation_id));
  }
  if (!error.details.empty()) {
    Json details = Json::array();
    for (const std::string& detail : error.details) details.append(Json::of(detail));
    object.set("details", std::move(details));
  }
  const auto explanation = explain::explain(error);
  if (!explanation.what_to_do.empty()) object.set("explanation", json_of_explanation(explanation));
  return object;
}

void Output::data(std::string_view line) const {
  g_print("%s\n", printable(line).c_str());
  std::fflush(stdout);
}

void Output::text(std::string_view lines) const { g_print("%s", printable_text(lines).c_str()); }

// Past stdio, whose buffer would keep a copy.
Result<void> Output::secret(std::string_view token) const {
  std::fflush(stdout);
  for (std::string_view rest = token; !rest.empty();) {
    const ssize_t count = write(STDOUT_FILENO, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      return make_error(
          Error::Kind::kStorage,
          format(_("Standard output did not take the token: {}"), {g_strerror(errno)}));
    }
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  write_line("");
  return {};
}

void Output::object(const Json& object) const { write_line(object.ascii_text()); }

void Output::last_object(const Json& object) const {
  this->object(object);
  complete_ = true;
}

Result<void> Output::last_secret_object(const Json& object) const {
  complete_ = true;
  return secret(object.secret_ascii_text().reveal());
}

Result<void> Output::finish() const {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return {};
  return make_error(Error::Kind::kStorage, _("Standard output did not take all of the answer."));
}

void Output::talk(std::string_view text) const {
  std::fflush(stdout);
  g_printerr("%s\n", printable_text(text).c_str());
}

void Output::error(const Error& error, bool as_event) const {
  std::string text = "mail-oauth: " + error.what;
  if (!error.code.empty()) text += format(" [{}]", {error.code});
  for (const std::string& line : explain::lines(explain::explain(error))) text += "\n" + line;
  if (!error.correlation_id.empty()) {
    text +=
        "\n" + format(_("For the provider's support: correlation id {}"), {error.correlation_id});
  }
  if (bug(error)) {
    text += "\n" + format(_("This is a bug. Please report it, with the version {}."),
                          {MAIL_OAUTH_VERSION});
  }
  talk(text);
  if (!json_ || complete_) return;
  Json object = json_object();
  if (as_event) {
    object.set("event", Json::of(std::string_view("error")));
    const Json fields = json_of(error);
    for (const std::string& key : fields.keys()) object.set(key, *fields.at(key));
  } else {
    object.set("error", json_of(error));
  }
  this->object(object);
}

bool somebody_watches() { return isatty(STDERR_FILENO) == 1; }

}  // namespace mail_oauth::cli
