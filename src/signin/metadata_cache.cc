// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/metadata_cache.h"

#include "base/log.h"
#include "base/private_file.h"
#include "codec/json.h"
#include "crypto/digest.h"

namespace mail_oauth::signin {

namespace {

constexpr std::chrono::hours kGood{24};

std::int64_t unix_seconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

std::string MetadataCache::path(const std::string& issuer) const {
  const auto digest = crypto::sha256(ca_file_.empty() ? issuer : issuer + "\n" + ca_file_);
  return digest ? folder_ + "/" + crypto::hex(*digest) + ".json" : std::string();
}

std::optional<std::string> MetadataCache::find(const std::string& issuer, WallTime now) const {
  const std::string file = folder_.empty() ? "" : path(issuer);
  if (file.empty()) return std::nullopt;
  const auto text = read_trusted_file(file);
  if (!text || !*text) return std::nullopt;
  const auto entry = Json::parse(**text);
  if (!entry || entry->integer_at("v") != 1 || entry->string_at("issuer") != issuer) {
    return std::nullopt;
  }
  const std::int64_t age = unix_seconds(now) - entry->integer_at("fetched_at").value_or(0);
  if (age < 0 || age > std::chrono::seconds(kGood).count()) return std::nullopt;
  return entry->string_at("document");
}

void MetadataCache::keep(const std::string& issuer, const std::string& document,
                         WallTime now) const {
  const std::string file = folder_.empty() ? "" : path(issuer);
  if (file.empty()) return;
  Json entry = Json::object();
  entry.set("v", Json::of(std::int64_t{1}));
  entry.set("issuer", Json::of(issuer));
  entry.set("fetched_at", Json::of(unix_seconds(now)));
  entry.set("document", Json::of(document));
  if (const auto kept = write_private_file(file, entry.pretty_text()); !kept) {
    log_debug("signin", kept.error().what);
  }
}

}  // namespace mail_oauth::signin
