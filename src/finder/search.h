// SPDX-License-Identifier: GPL-3.0-or-later
//
// One look for a provider, step after step; for provider_finder.cc only. Lives in its Call; one
// thread's GMainContext.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "finder/provider_finder.h"

namespace mail_oauth::finder {

class Search {
 public:
  Search(const manifest::Catalog& catalog, DnsResolver& dns, HttpClient& http, Clock& clock,
         Done<Finding> done);

  /// Once. Answers through `done`, never from inside this call.
  void start(const Sought& sought);

 private:
  using Fits = std::function<bool(const Provider&)>;
  using Providers = std::vector<Provider>;

  Providers fitting(const Fits& fits) const;
  /// True when exactly one is left: it is decided. Several narrow what is looked at from here on.
  bool narrow(Means means, Providers found, const std::string& sign);
  void note(Means means, std::string what);

  bool look_at_domains(const std::string& address);
  bool look_at_server_names(const std::vector<std::string>& names);
  void ask_mail_exchangers();
  void take_mail_exchangers(const Result<std::vector<std::string>>& hosts);
  void ask_domain();
  void take_discovery(const Result<HttpAnswer>& answer);
  void ask_next_tenant();
  void take_tenant(const Provider& provider, const Result<HttpAnswer>& answer);

  /// Runs `then` with kTransient instead of the answer when the limit is over first.
  template <class T>
  Done<T> limited(std::function<void(const Result<T>&)> then);
  void get(const std::string& url, const std::string& ca_file,
           std::function<void(const Result<HttpAnswer>&)> then);
  void finish();

  DnsResolver& dns_;
  HttpClient& http_;
  Clock& clock_;
  Done<Finding> done_;
  Providers pool_;         ///< Those that can still be the one.
  bool narrowed_ = false;  ///< The pool is no longer everybody.
  Finding finding_;
  Providers tenants_;      ///< Whose organizations include the domain.
  std::size_t asked_ = 0;  ///< Of the pool, for their organizations.
  BootTime end_;           ///< Of all questions to the network.
  Call question_;
  Call limit_;
};

}  // namespace mail_oauth::finder
