// SPDX-License-Identifier: GPL-3.0-or-later
#include "finder/search.h"

#include <glib.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/cptr.h"
#include "base/i18n.h"
#include "base/peer_text.h"
#include "codec/json.h"
#include "finder/domain.h"
#include "manifest/name_pattern.h"
#include "oauth/authorization.h"
#include "oauth/metadata.h"

namespace mail_oauth::finder {

namespace {

bool any_fits(const std::vector<std::string>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(), [&name](const std::string& pattern) {
    return manifest::name_fits(pattern, name);
  });
}

std::string names_of(const std::vector<Provider>& providers) {
  std::string names;
  for (const Provider& provider : providers) {
    if (!names.empty()) names += ", ";
    names += provider.id;
  }
  return names;
}

// OpenID Connect Discovery 1.0 section 4.3: byte for byte; a "/" at the end belongs to the name.
std::string issuer_at(const std::string& domain, const HttpAnswer& answer) {
  if (answer.status != 200) return {};
  for (const char* end : {"", "/"}) {
    std::string issuer = "https://" + domain + end;
    if (oauth::parse_metadata(answer.body.reveal(), issuer)) return issuer;
  }
  return {};
}

std::string tenant_url(const Provider& provider, const std::string& domain) {
  std::string url = provider.tenant_discovery;
  return url.replace(url.find(kDomainPlaceholder), kDomainPlaceholder.size(), domain);
}

// The document is about an organization of the provider when its issuer is the provider's.
bool knows_organization(const Provider& provider, const HttpAnswer& answer) {
  if (answer.status != 200) return false;
  const auto document = Json::parse(answer.body.reveal());
  const auto issuer = document ? document->string_at("issuer") : std::nullopt;
  return issuer && oauth::issuer_matches(provider.endpoints.issuer, *issuer);
}

}  // namespace

Search::Search(const manifest::Catalog& catalog, DnsResolver& dns, HttpClient& http, Clock& clock,
               Done<Finding> done)
    : dns_(dns), http_(http), clock_(clock), done_(std::move(done)), pool_(catalog.providers()) {}

void Search::start(const Sought& sought) {
  auto domain = domain_of(sought.address);
  if (!domain) {
    question_ = clock_.after({}, [this, error = domain.error()] {
      if (const auto done = std::exchange(done_, nullptr)) done(error);
    });
    return;
  }
  finding_.domain = *std::move(domain);
  if (look_at_domains(finding_.domain) || look_at_server_names(sought.server_names)) {
    question_ = clock_.after({}, [this] { finish(); });
    return;
  }
  end_ = clock_.uptime() + ProviderFinder::kLimit;
  ask_mail_exchangers();
}

Search::Providers Search::fitting(const Fits& fits) const {
  Providers found;
  std::copy_if(pool_.begin(), pool_.end(), std::back_inserter(found), fits);
  return found;
}

void Search::note(Means means, std::string what) {
  finding_.trace.push_back({means, std::move(what)});
}

bool Search::narrow(Means means, Providers found, const std::string& sign) {
  if (found.empty()) {
    note(means, format(_("{}: no manifest has it."), {sign}));
    return false;
  }
  note(means, format(found.size() == 1 ? _("{}: this is {}.") : _("{}: this may be {}."),
                     {sign, names_of(found)}));
  pool_ = std::move(found);
  narrowed_ = true;
  if (pool_.size() > 1) return false;
  finding_.provider = pool_[0];
  return true;
}

bool Search::look_at_domains(const std::string& domain) {
  const auto fits = [&domain](const Provider& provider) {
    return any_fits(provider.domains, domain);
  };
  return narrow(Means::kDomains, fitting(fits), format(_("domain {}"), {domain}));
}

bool Search::look_at_server_names(const std::vector<std::string>& names) {
  for (const std::string& any_case : names) {
    std::string name = GCharPtr(g_ascii_strdown(any_case.c_str(), -1)).get();
    if (!name.empty() && name.back() == '.') name.pop_back();
    if (name.empty()) continue;
    const auto fits = [&name](const Provider& provider) {
      return manifest::has_server(provider, name);
    };
    if (narrow(Means::kServerNames, fitting(fits), format(_("server {}"), {peer_words(name)}))) {
      return true;
    }
  }
  return false;
}

template <class T>
Done<T> Search::limited(std::function<void(const Result<T>&)> then) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - clock_.uptime());
  const auto limit = std::clamp(left, std::chrono::milliseconds(0), ProviderFinder::kStepLimit);
  limit_ = clock_.after(limit, [this, then] {
    question_.cancel();
    const auto next = then;  // the next limit replaces this timer, and its captures with it
    next(make_error(Error::Kind::kTransient, _("No answer in time.")));
  });
  return [this, then](Result<T> answer) {
    limit_.cancel();
    then(answer);
  };
}

void Search::ask_mail_exchangers() {
  question_ = dns_.mail_exchangers(finding_.domain,
                                   limited<std::vector<std::string>>(
                                       [this](const auto& hosts) { take_mail_exchangers(hosts); }));
}

void Search::take_mail_exchangers(const Result<std::vector<std::string>>& hosts) {
  if (!hosts) {
    note(Means::kMailExchangers, hosts.error().what);
  } else if (hosts->empty()) {
    note(Means::kMailExchangers, format(_("{} has no mail exchanger."), {finding_.domain}));
  }
  for (const std::string& host : hosts ? *hosts : std::vector<std::string>()) {
    const auto fits = [&host](const Provider& provider) { return any_fits(provider.mx, host); };
    auto found = fitting(fits);
    const bool known = !found.empty();
    const std::string sign = format(_("mail exchanger {}"), {peer_words(host)});
    if (narrow(Means::kMailExchangers, std::move(found), sign)) return finish();
    if (known) break;  // the others are for when it is away
  }
  ask_domain();
}

void Search::get(const std::string& url, const std::string& ca_file,
                 std::function<void(const Result<HttpAnswer>&)> then) {
  HttpRequest request;
  request.url = url;
  request.ca_file = ca_file;
  request.time_limit = ProviderFinder::kStepLimit;
  question_ = http_.send(std::move(request), limited<HttpAnswer>(std::move(then)));
}

void Search::ask_domain() {
  get(oauth::metadata_urls("https://" + finding_.domain)[0], "",
      [this](const auto& answer) { take_discovery(answer); });
}

void Search::take_discovery(const Result<HttpAnswer>& answer) {
  const std::string issuer = answer ? issuer_at(finding_.domain, *answer) : std::string();
  if (!answer) {
    note(Means::kDiscovery, answer.error().what);
  } else if (issuer.empty()) {
    note(Means::kDiscovery, format(_("https://{} has no sign-in server of its own (HTTP {})."),
                                   {finding_.domain, std::to_string(answer->status)}));
  } else {
    const auto fits = [&issuer](const Provider& provider) {
      return !provider.endpoints.issuer.empty() &&
             oauth::issuer_matches(provider.endpoints.issuer, issuer);
    };
    auto found = fitting(fits);
    if (found.empty()) finding_.unknown_issuer = issuer;
    const std::string sign = format(_("sign-in server {}"), {issuer});
    if (narrow(Means::kDiscovery, std::move(found), sign)) return finish();
  }
  ask_next_tenant();
}

void Search::ask_next_tenant() {
  while (asked_ < pool_.size() && pool_[asked_].tenant_discovery.empty()) ++asked_;
  if (asked_ == pool_.size() || clock_.uptime() >= end_) return finish();
  const std::size_t index = asked_++;
  get(tenant_url(pool_[index], finding_.domain), pool_[index].ca_file,
      [this, index](const auto& answer) { take_tenant(pool_[index], answer); });
}

void Search::take_tenant(const Provider& provider, const Result<HttpAnswer>& answer) {
  if (!answer) {
    note(Means::kTenants, answer.error().what);
  } else if (knows_organization(provider, *answer)) {
    tenants_.push_back(provider);
    note(Means::kTenants, format(_("{1} is an organization at {2}; its mail may be elsewhere."),
                                 {finding_.domain, provider.id}));
  } else {
    note(Means::kTenants, format(_("{1} is no organization that {2} knows (HTTP {3})."),
                                 {finding_.domain, provider.id, std::to_string(answer->status)}));
  }
  ask_next_tenant();
}

void Search::finish() {
  if (!finding_.provider) {
    if (!tenants_.empty()) {
      finding_.candidates = tenants_;
    } else if (narrowed_) {
      finding_.candidates = pool_;
    }
  }
  const auto done = std::exchange(done_, nullptr);
  if (done) done(std::move(finding_));  // may destroy this
}

}  // namespace mail_oauth::finder
