// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/override_file.h"

#include <algorithm>

#include "base/i18n.h"
#include "base/private_file.h"
#include "codec/json.h"
#include "manifest/provider_reader.h"
#include "oauth/metadata.h"

namespace mail_oauth::manifest {

namespace {

bool clean(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; });
}

Json new_override(const std::string& provider) {
  Json document = Json::object();
  document.set("schema", Json::of(std::int64_t{1}));
  document.set("id", Json::of(provider));
  document.set("extends", Json::of(provider));
  return document;
}

Result<Json> existing_or_new(const std::string& path, const std::string& provider) {
  const auto text = read_trusted_file(path);
  if (!text) return text.error();
  if (!*text) return new_override(provider);
  auto document = Json::parse(**text);
  if (!document) {
    return make_error(Error::Kind::kConfig, format("{}: {}", {path, document.error().what}));
  }
  if (const auto checked = read_provider(*document, path); !checked) return checked.error();
  return document;
}

}  // namespace

Result<std::string> set_client(const std::string& folder, const ClientChoice& choice) {
  if (choice.client_id.empty() || !clean(choice.client_id) || !clean(choice.tenant)) {
    return make_error(
        Error::Kind::kConfig,
        _("A client id and a tenant are words without spaces or control characters."));
  }
  if (!acceptable_id(choice.provider)) {
    return make_error(Error::Kind::kConfig,
                      format(_("\"{}\" is not the id of a provider."), {choice.provider}));
  }
  if (!choice.redirect_uri.empty() && !oauth::acceptable_endpoint(choice.redirect_uri)) {
    return make_error(
        Error::Kind::kConfig,
        _("A redirect address is an https address, or an http one of this computer."));
  }
  const std::string path = folder + "/" + choice.provider + ".json";
  auto document = existing_or_new(path, choice.provider);
  if (!document) return document.error();
  document->set("client_id", Json::of(choice.client_id));
  if (!choice.redirect_uri.empty()) {
    auto redirect = document->at("redirect");
    if (!redirect) redirect = Json::object();
    redirect->set("kind", Json::of(std::string_view("registered")));
    redirect->set("uri", Json::of(choice.redirect_uri));
    document->set("redirect", *std::move(redirect));
  }
  if (!choice.tenant.empty()) document->set("tenant", Json::of(choice.tenant));
  if (const auto written = write_private_file(path, document->pretty_text()); !written) {
    return written.error();
  }
  return path;
}

}  // namespace mail_oauth::manifest
