// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/lazy_http_client.h"

#include "base/i18n.h"
#include "base/module.h"
#include "net/net_module.h"
#include "ports/pending.h"

namespace mail_oauth {

namespace {

Result<std::unique_ptr<HttpClient>> open_module(const HttpOptions& options) {
  void* entry = module_entry(MAIL_OAUTH_NET_MODULE, MAIL_OAUTH_NET_ENTRY);
  HttpClient* client = entry ? reinterpret_cast<MailOauthNetOpen>(entry)(&options) : nullptr;
  if (client) return std::unique_ptr<HttpClient>(client);
  return make_error(Error::Kind::kInternal,
                    format(_("The part that speaks with web servers ({}) is missing or does not "
                             "fit. Restart the program; if that does not help, install "
                             "mail-oauth again."),
                           {MAIL_OAUTH_NET_MODULE}),
                    "net_module");
}

}  // namespace

LazyHttpClient::LazyHttpClient(HttpOptions options) : options_(std::move(options)) {}
LazyHttpClient::~LazyHttpClient() = default;

Call LazyHttpClient::send(HttpRequest request, Done<HttpAnswer> done) {
  if (!client_) {
    auto opened = open_module(options_);
    if (!opened) {
      const auto open = Pending<HttpAnswer>::of(std::move(done));
      open->answer(opened.error());
      return open->call();
    }
    client_ = *std::move(opened);
  }
  return client_->send(std::move(request), std::move(done));
}

}  // namespace mail_oauth
