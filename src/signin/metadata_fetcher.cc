// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/metadata_fetcher.h"

#include <memory>
#include <optional>
#include <utility>

#include "base/i18n.h"
#include "manifest/folders.h"
#include "oauth/token_answer.h"
#include "signin/metadata_cache.h"
#include "signin/when_idle.h"

namespace mail_oauth::signin {

namespace {

// One look-up: asks one address after the other. Lives in its Call.
class Lookup {
 public:
  Lookup(HttpClient& http, Clock& clock, MetadataCache cache, Provider provider,
         Done<Provider> done)
      : http_(http),
        clock_(clock),
        cache_(std::move(cache)),
        provider_(std::move(provider)),
        done_(std::move(done)),
        urls_(oauth::metadata_urls(provider_.endpoints.issuer)) {}

  void start() {
    const std::string& issuer = provider_.endpoints.issuer;
    if (!provider_.needs_metadata()) return finish_later(provider_);
    const auto cached = cache_.find(issuer, clock_.now());
    if (!cached) return ask_next();
    const auto metadata = oauth::parse_metadata(*cached, issuer);
    if (!metadata) return ask_next();
    finish_later(oauth::completed(provider_, *metadata));
  }

 private:
  void finish_later(Result<Provider> result) {
    auto kept = std::make_shared<Result<Provider>>(std::move(result));
    current_ = when_idle([this, kept] { finish(std::move(*kept)); });
  }

  void finish(Result<Provider> result) {
    const auto done = std::exchange(done_, nullptr);
    if (done) done(std::move(result));  // may destroy this
  }

  void ask_next() {
    HttpRequest request;
    request.url = urls_[asked_++];
    request.ca_file = provider_.ca_file;
    current_ = http_.send(std::move(request),
                          [this](Result<HttpAnswer> answer) { take(std::move(answer)); });
  }

  void take(Result<HttpAnswer> answer) {
    if (!answer) return finish(answer.error());
    auto metadata = read(*answer);
    if (metadata) {
      cache_.keep(provider_.endpoints.issuer, std::string(answer->body.reveal()), clock_.now());
      return finish(oauth::completed(provider_, *metadata));
    }
    // What a document says weighs more than "not found" at the other address.
    if (!error_ || answer->status == 200) error_ = metadata.error();
    if (asked_ < urls_.size()) return ask_next();
    finish(*error_);
  }

  Result<oauth::Metadata> read(const HttpAnswer& answer) const {
    const std::string& issuer = provider_.endpoints.issuer;
    if (answer.status == 200) return oauth::parse_metadata(answer.body.reveal(), issuer);
    const bool later = oauth::means_later(answer.status);
    return make_error(later ? Error::Kind::kTransient : Error::Kind::kProtocol,
                      format(_("{} does not say where to sign in (its metadata: HTTP {})."),
                             {issuer, std::to_string(answer.status)}));
  }

  HttpClient& http_;
  Clock& clock_;
  MetadataCache cache_;
  Provider provider_;
  Done<Provider> done_;
  std::vector<std::string> urls_;
  std::size_t asked_ = 0;
  std::optional<Error> error_;
  Call current_;
};

}  // namespace

std::string metadata_folder() { return manifest::cache_folder() + "/metadata"; }

MetadataFetcher::MetadataFetcher(HttpClient& http, Clock& clock, std::string folder)
    : http_(http), clock_(clock), folder_(std::move(folder)) {}

Call MetadataFetcher::complete(Provider provider, Done<Provider> done) {
  MetadataCache cache(folder_, provider.ca_file);
  auto lookup = std::make_shared<Lookup>(http_, clock_, std::move(cache), std::move(provider),
                                         std::move(done));
  lookup->start();
  return Call([lookup]() mutable { lookup.reset(); });
}

}  // namespace mail_oauth::signin
