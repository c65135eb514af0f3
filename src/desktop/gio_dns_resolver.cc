// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/gio_dns_resolver.h"

#include <gio/gio.h>

#include <algorithm>
#include <memory>

#include "base/cptr.h"
#include "base/guarded.h"
#include "base/i18n.h"
#include "base/source.h"

namespace mail_oauth {

namespace {

using Exchangers = std::vector<std::string>;
using VariantPtr = CPtr<GVariant, g_variant_unref>;

struct Lookup {
  std::string domain;
  Done<Exchangers> done;
  GRef<GCancellable> cancellable = GRef<GCancellable>::adopt(g_cancellable_new());
};

Result<Exchangers> read_records(const Lookup& lookup, GList* records, const GErrorPtr& error) {
  if (error && !g_error_matches(error.get(), G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND)) {
    return make_error(Error::Kind::kTransient,
                      format(_("The mail servers of {} could not be looked up. Is the network up?"),
                             {lookup.domain}));
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

extern "C" void on_records(GObject* resolver, GAsyncResult* result, gpointer data) {
  guarded("dns", [&] {
    const std::unique_ptr<std::shared_ptr<Lookup>> lookup(
        static_cast<std::shared_ptr<Lookup>*>(data));
    GError* raw = nullptr;
    GList* records = g_resolver_lookup_records_finish(G_RESOLVER(resolver), result, &raw);
    const GErrorPtr error(raw);
    auto answer = read_records(**lookup, records, error);
    if (const auto done = std::exchange((*lookup)->done, nullptr)) done(std::move(answer));
  });
}

}  // namespace

std::vector<std::string> ordered_exchangers(std::vector<std::pair<int, std::string>> records) {
  std::stable_sort(records.begin(), records.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Exchangers hosts;
  for (auto& record : records) {
    std::string host = GCharPtr(g_ascii_strdown(record.second.c_str(), -1)).get();
    if (!host.empty() && host.back() == '.') host.pop_back();
    if (!host.empty()) hosts.push_back(std::move(host));
  }
  return hosts;
}

Call GioDnsResolver::mail_exchangers(std::string domain, Done<Exchangers> done) {
  const auto lookup = std::make_shared<Lookup>();
  lookup->domain = std::move(domain);
  lookup->done = std::move(done);
  if (lookup->domain.empty()) {
    post(current_context().get(), [lookup] {
      if (const auto then = std::exchange(lookup->done, nullptr)) {
        then(make_error(Error::Kind::kConfig, _("The address has no domain.")));
      }
    });
  } else {
    const auto resolver = GRef<GResolver>::adopt(g_resolver_get_default());
    g_resolver_lookup_records_async(resolver.get(), lookup->domain.c_str(), G_RESOLVER_RECORD_MX,
                                    lookup->cancellable.get(), on_records,
                                    new std::shared_ptr<Lookup>(lookup));
  }
  return Call([lookup] {
    lookup->done = nullptr;
    g_cancellable_cancel(lookup->cancellable.get());
  });
}

}  // namespace mail_oauth
