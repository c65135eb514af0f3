// SPDX-License-Identifier: GPL-3.0-or-later
//
// What we wrote once, and somebody or something may have changed since.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "claws/account_intent.h"
#include "cmdstore/item_file.h"
#include "codec/json.h"
#include "fuzz/targets.h"
#include "manifest/provider_reader.h"
#include "oauth/grant.h"

namespace mail_oauth::fuzz {

namespace {

/// Gone with the process.
class Folder {
 public:
  Folder() {
    char name[] = "/tmp/mail-oauth-fuzz-XXXXXX";
    promise(mkdtemp(name) != nullptr, "there is a folder");
    path_ = name;
  }
  ~Folder() {
    unlink((path_ + "/item.json").c_str());
    rmdir(path_.c_str());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

void manifest(std::string_view bytes) {
  const auto document = Json::parse(bytes);
  if (!document) return promise_fit(document.error());
  const auto provider = manifest::read_provider(*document, "/x/example.json");
  if (!provider) return promise_fit(provider.error());
  if (const auto complete = manifest::check_complete(*provider); !complete) {
    promise_fit(complete.error());
  }
}

void grant_item(std::string_view bytes) {
  const GrantKey key = grant_key({"p", "c", ""}, "alice@contoso.com");
  const auto grant = decode_item(key, bytes);
  if (!grant) {
    promise_fit(grant.error());
    promise(grant.error().kind == Error::Kind::kStorage, "a damaged item is kStorage");
    return;
  }
  const auto again = decode_item(key, encode_item(*grant).reveal());
  promise(again.has_value(), "what was read can be written and read");
  promise(again->refresh_token.reveal() == grant->refresh_token.reveal(),
          "the refresh token stays");
  promise(again->access_token.reveal() == grant->access_token.reveal(), "the access token stays");
  promise(again->expires_at == grant->expires_at, "its end stays");
  promise(again->received_at == grant->received_at, "its beginning stays");
  promise(again->ended() == grant->ended(), "whether it ended stays");
  promise(again->unknown_fields.reveal() == grant->unknown_fields.reveal(), "unknown keys stay");
}

void item_file(std::string_view bytes) {
  static const Folder folder;
  const cmdstore::ItemFolder items(folder.path());
  const std::string name = items.file("item");
  {
    std::ofstream file(name, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  chmod(name.c_str(), 0600);
  const auto item = items.load("item");
  if (!item) return promise_fit(item.error());
  promise(item->has_value(), "a file that is there is an item or an error");
  promise(items.save("item", **item).has_value(), "an item can be saved");
  const auto again = items.load("item");
  promise(again.has_value() && again->has_value(), "and read again");
  promise((*again)->kept == (*item)->kept && (*again)->identity == (*item)->identity, "as it was");
}

void intent(std::string_view bytes) {
  const auto read = claws::parse_intent(bytes);
  if (!read) return promise_fit(read.error());
  const auto text = claws::intent_text(*read);
  const auto again = claws::parse_intent(text);
  promise(again.has_value(), "what was read can be written and read");
  promise(claws::intent_text(*again) == text, "and stays as it was");
}

}  // namespace mail_oauth::fuzz
