// SPDX-License-Identifier: GPL-3.0-or-later
//
// All providers that this computer knows: manifests from several folders, the highest first.
//
// A file `<id>.json` may extend another one by "extends": its own id means the next lower folder
// that has it, another id the one that wins by that name. Objects are merged key by key, anything
// else is replaced. A broken file makes its own provider unusable (a lower one does not step in for
// it unseen) and leaves the others alone. A file with "template" is no provider, and waits for one
// that extends it.
//
// A value once loaded; local files are read in load(). Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "oauth/provider.h"

namespace mail_oauth::manifest {

/// A manifest that cannot be used, and why (kConfig).
struct Broken {
  std::string id;  ///< As in the file's name.
  std::string file;
  Error error;
};

/// A manifest that is there to be extended, and no provider by itself.
struct Template {
  std::string id;
  std::string name;
  std::string file;
};

/// Whether `name`, in lower case and without its last dot, is one of the provider's mail servers.
bool has_server(const Provider& provider, const std::string& name);

class Catalog {
 public:
  /// Reads the folders, the highest first. Missing folders are empty ones.
  static Catalog load(const std::vector<std::string>& folders);

  /// load(folders).find(id), and reads only the files of this one.
  static Result<Provider> load_one(const std::vector<std::string>& folders, std::string_view id);

  /// In the order of their ids.
  const std::vector<Provider>& providers() const { return providers_; }
  const std::vector<Template>& templates() const { return templates_; }
  const std::vector<Broken>& broken() const { return broken_; }

  /// kConfig: its manifest is broken (that error), it is a template, or nobody knows the id (the
  /// text lists the ids).
  Result<Provider> find(std::string_view id) const;

  /// Those whose "domains" hold the domain of the address; "*.example.com" stands for every name
  /// below example.com.
  std::vector<Provider> for_address(std::string_view address) const;

  /// Those that have a mail server of this name, in any case.
  std::vector<Provider> for_server(std::string_view name) const;

  /// The one provider that a client id is set for; null: none, or several. Borrowed.
  const Provider* only_with_client() const;

  /// Extra certificates named by any provider, each once.
  std::vector<std::string> ca_files() const;

 private:
  std::vector<Provider> providers_;
  std::vector<Template> templates_;
  std::vector<Broken> broken_;
};

}  // namespace mail_oauth::manifest
