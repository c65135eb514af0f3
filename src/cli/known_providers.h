// SPDX-License-Identifier: GPL-3.0-or-later
//
// The providers of this computer, read when they are asked for: who needs one reads its files only,
// which for `mail-oauth token` is a third of its time. One thread.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "manifest/catalog.h"
#include "manifest/folders.h"

namespace mail_oauth::cli {

class KnownProviders {
 public:
  const manifest::Catalog& all() const {
    if (!all_) all_ = manifest::Catalog::load(manifest::standard_folders());
    return *all_;
  }

  /// As Catalog::find.
  Result<Provider> find(const std::string& id) const {
    if (all_) return all_->find(id);
    const auto found = found_.find(id);
    if (found != found_.end()) return found->second;
    auto provider = manifest::Catalog::load_one(manifest::standard_folders(), id);
    if (provider) found_.emplace(id, *provider);
    return provider;
  }

 private:
  mutable std::optional<manifest::Catalog> all_;
  mutable std::map<std::string, Provider> found_;
};

}  // namespace mail_oauth::cli
