// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/authorization.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "base/i18n.h"
#include "base/peer_text.h"
#include "codec/form.h"
#include "oauth/peer_error.h"

namespace mail_oauth::oauth {

namespace {

constexpr std::array<std::string_view, 9> kOurParameters = {
    "response_type",         "client_id",  "redirect_uri", "scope", "state", "code_challenge",
    "code_challenge_method", "login_hint", "nonce"};

/// The fields of a query. A code is among them, so they are wiped.
class Query {
 public:
  explicit Query(FormFields fields) : fields_(std::move(fields)) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { wipe(fields_); }

  /// Null when absent.
  const std::string* find(std::string_view name) const {
    for (const auto& [key, value] : fields_) {
      if (key == name) return &value;
    }
    return nullptr;
  }

  bool repeats(std::string_view name) const {
    return std::count_if(fields_.begin(), fields_.end(),
                         [&](const auto& field) { return field.first == name; }) > 1;
  }

  bool has(std::string_view name, const Secret& value) const {
    bool found = false;
    for (const auto& field : fields_) found |= field.first == name && value.equals(field.second);
    return found;
  }

 private:
  FormFields fields_;
};

Error unexpected(std::string why) { return make_error(Error::Kind::kProtocol, std::move(why)); }

/// RFC 9207 section 2.4. Nothing when the answer comes from whom it should.
std::optional<Error> wrong_issuer(const Query& query, const ExpectedRedirect& expected) {
  const std::string* iss = query.find("iss");
  if (!iss) {
    if (expected.iss != Presence::kRequired) return std::nullopt;
    return unexpected(_("The provider's answer does not say which provider it is from (iss)."));
  }
  const bool unknown = expected.issuer.empty() && expected.iss == Presence::kOptional;
  if (unknown || (expected.iss != Presence::kForbidden && issuer_matches(expected.issuer, *iss))) {
    return std::nullopt;
  }
  return unexpected(format(_("The answer comes from another provider than the one asked (iss): it "
                             "names the issuer \"{1}\", and \"{2}\" was asked."),
                           {peer_words(*iss), expected.issuer}));
}

/// RFC 6749 section 4.1.2.1.
Error error_in(const Query& query, const std::string& code) {
  const std::string* description = query.find("error_description");
  const std::string* subcode = query.find("error_subcode");
  const bool pressed_cancel = subcode && *subcode == "cancel";
  Error error;
  error.code = peer_code(code);
  if (code == "access_denied" &&
      (!description || peer_words(*description).empty() || pressed_cancel)) {
    error.kind = Error::Kind::kCancelled;
    error.what = _("The sign-in was declined.");
  } else if (code == "temporarily_unavailable" || code == "server_error") {
    error.kind = Error::Kind::kTransient;
    error.what = _("The provider cannot sign anybody in just now. Try again later.");
  } else {
    error.kind = Error::Kind::kRefused;
    error.what = _("The provider refused the sign-in.");
  }
  keep_description(error, description ? *description : std::string());
  return error;
}

bool guid(std::string_view text) { return !peer_guid(text).empty(); }

}  // namespace

Result<std::string> requested_scope(const Provider& provider,
                                    const std::vector<Protocol>& protocols) {
  std::set<std::string_view> seen;
  std::string scope;
  const auto add = [&](const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (!seen.insert(name).second) continue;
      scope += (scope.empty() ? "" : " ") + name;
    }
  };
  for (const Protocol protocol : protocols) {
    const auto mail = provider.scopes.mail.find(protocol);
    if (mail == provider.scopes.mail.end() || mail->second.empty()) {
      return make_error(Error::Kind::kConfig,
                        format(_("{1} offers no sign-in for {2} ({3} names no scope for it)."),
                               {provider.name, protocol_title(protocol), provider.file}));
    }
    add(mail->second);
  }
  add(provider.scopes.always);
  add(provider.scopes.identity);
  return scope;
}

Result<std::string> authorization_url(const AuthorizationRequest& request) {
  const auto scope = requested_scope(request.provider, request.protocols);
  if (!scope) return scope.error();
  std::string url = request.provider.endpoints.authorization;
  char separator = url.find('?') == std::string::npos ? '?' : '&';
  const auto add = [&](std::string_view name, std::string_view value) {
    url += separator + percent_encoded(name) + "=" + percent_encoded(value);
    separator = '&';
  };
  add("response_type", "code");
  add("client_id", request.client.client);
  add("redirect_uri", request.redirect_uri);
  add("scope", *scope);
  add("state", request.state);
  add("code_challenge", request.challenge);
  add("code_challenge_method", "S256");
  if (!request.login_hint.empty()) add("login_hint", request.login_hint);
  if (!request.nonce.empty()) add("nonce", request.nonce);
  for (const auto& [name, value] : request.provider.authorization_parameters) {
    const auto ours = std::find(kOurParameters.begin(), kOurParameters.end(), name);
    if (ours == kOurParameters.end()) add(name, value);
  }
  return url;
}

Result<AuthorizationCode> parse_redirect(std::string_view text, const ExpectedRedirect& expected) {
  auto fields = parse_form(text);
  if (!fields) return unexpected(_("The provider's answer in the address cannot be read."));
  const Query query(*std::move(fields));
  for (const char* name : {"state", "code", "iss", "error", "error_description"}) {
    if (!query.repeats(name)) continue;
    return unexpected(_("The provider's answer in the address says something twice."));
  }
  if (expected.state.empty() || !query.has("state", Secret(expected.state))) {
    return unexpected(_("The answer does not belong to this sign-in (state)."));
  }
  if (const auto wrong = wrong_issuer(query, expected)) return *wrong;
  if (const std::string* error = query.find("error")) return error_in(query, *error);
  const std::string* code = query.find("code");
  const auto printable = [](char c) { return c >= 0x20 && c < 0x7f; };  // RFC 6749 appendix A.11
  if (!code || code->empty() || !std::all_of(code->begin(), code->end(), printable)) {
    return unexpected(_("The provider's answer in the address holds no authorization code."));
  }
  return AuthorizationCode(Secret(*code));
}

bool carries_state(std::string_view query, std::string_view state) {
  auto fields = parse_form(query);
  if (!fields || state.empty()) return false;
  return Query(*std::move(fields)).has("state", Secret(state));
}

bool issuer_matches(std::string_view expected, std::string_view issuer) {
  constexpr std::string_view kAnyTenant = "{tenantid}";
  const std::size_t at = expected.find(kAnyTenant);
  if (at == std::string_view::npos) return !expected.empty() && expected == issuer;
  const std::string_view head = expected.substr(0, at);
  const std::string_view tail = expected.substr(at + kAnyTenant.size());
  if (issuer.size() < head.size() + tail.size()) return false;
  return issuer.substr(0, head.size()) == head &&
         issuer.substr(issuer.size() - tail.size()) == tail &&
         guid(issuer.substr(head.size(), issuer.size() - head.size() - tail.size()));
}

}  // namespace mail_oauth::oauth
