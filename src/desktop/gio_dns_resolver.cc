// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/gio_dns_resolver.h"

#include <gio/gio.h>

#include <algorithm>
#include <memory>

#include "base/cptr.h"
#include "base/guarded.h"
#include "base/i18n.h"
#include "ports/pending.h"

namespace mail_oauth {

namespace {

using Names = std::vector<std::string>;
using VariantPtr = CPtr<GVariant, g_variant_unref>;

struct Lookup {
  std::string name;
  std::shared_ptr<Pending<Names>> open;
  std::shared_ptr<GCancellable> cancellable{g_cancellable_new(), g_object_unref};

  Lookup(std::string the_name, Done<Names> done)
      : name(std::move(the_name)), open(Pending<Names>::of(std::move(done))) {
    open->at_end([asked = cancellable] { g_cancellable_cancel(asked.get()); });
  }
};

/// What was handed to GIO as its data, back again.
std::unique_ptr<Lookup> taken_back(gpointer data) {
  return std::unique_ptr<Lookup>(static_cast<Lookup*>(data));
}

Result<Names> read_records(const Lookup& lookup, GList* records, const GErrorPtr& error) {
  if (error && !g_error_matches(error.get(), G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND)) {
    return make_error(Error::Kind::kTransient,
                      format(_("The mail servers of {} could not be looked up. Is the network up?"),
                             {lookup.name}));
  }
  std::vector<std::pair<int, std::string>> found;
  for (GList* at = records; at; at = at->next) {
    const VariantPtr record(static_cast<GVariant*>(at->data));
    guint16 preference = 0;
    const char* host = nullptr;
    g_variant_get(record.get(), "(q&s)", &preference, &host);
    found.emplace_back(preference, host);
  }
  g_list_free(records);
  return ordered_exchangers(std::move(found));
}

Result<Names> read_addresses(const Lookup& lookup, GList* found, const GErrorPtr& error) {
  if (error) {
    return make_error(Error::Kind::kTransient,
                      format(_("The name {1} could not be found ({2}). Is the network up?"),
                             {lookup.name, error->message}));
  }
  Names addresses;
  for (GList* at = found; at; at = at->next) {
    const GCharPtr text(g_inet_address_to_string(G_INET_ADDRESS(at->data)));
    addresses.emplace_back(text.get());
  }
  g_resolver_free_addresses(found);
  return addresses;
}

extern "C" void on_records(GObject* resolver, GAsyncResult* result, gpointer data) {
  guarded("dns", [&] {
    const auto lookup = taken_back(data);
    GError* raw = nullptr;
    GList* records = g_resolver_lookup_records_finish(G_RESOLVER(resolver), result, &raw);
    lookup->open->answer(read_records(*lookup, records, GErrorPtr(raw)));
  });
}

extern "C" void on_addresses(GObject* resolver, GAsyncResult* result, gpointer data) {
  guarded("dns", [&] {
    const auto lookup = taken_back(data);
    GError* raw = nullptr;
    GList* found = g_resolver_lookup_by_name_finish(G_RESOLVER(resolver), result, &raw);
    lookup->open->answer(read_addresses(*lookup, found, GErrorPtr(raw)));
  });
}

}  // namespace

std::vector<std::string> ordered_exchangers(std::vector<std::pair<int, std::string>> records) {
  std::stable_sort(records.begin(), records.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Names hosts;
  for (auto& record : records) {
    std::string host = GCharPtr(g_ascii_strdown(record.second.c_str(), -1)).get();
    if (!host.empty() && host.back() == '.') host.pop_back();
    if (!host.empty()) hosts.push_back(std::move(host));
  }
  return hosts;
}

Call GioDnsResolver::mail_exchangers(std::string domain, Done<Names> done) {
  auto lookup = std::make_unique<Lookup>(std::move(domain), std::move(done));
  Call call = lookup->open->call();
  if (lookup->name.empty()) {
    lookup->open->answer(make_error(Error::Kind::kConfig, _("The address has no domain.")));
    return call;
  }
  const auto resolver = GRef<GResolver>::adopt(g_resolver_get_default());
  const Lookup& asked = *lookup;
  g_resolver_lookup_records_async(resolver.get(), asked.name.c_str(), G_RESOLVER_RECORD_MX,
                                  asked.cancellable.get(), on_records, lookup.release());
  return call;
}

Call GioDnsResolver::addresses(std::string host, Done<Names> done) {
  auto lookup = std::make_unique<Lookup>(std::move(host), std::move(done));
  Call call = lookup->open->call();
  const auto resolver = GRef<GResolver>::adopt(g_resolver_get_default());
  const Lookup& asked = *lookup;
  g_resolver_lookup_by_name_async(resolver.get(), asked.name.c_str(), asked.cancellable.get(),
                                  on_addresses, lookup.release());
  return call;
}

}  // namespace mail_oauth
