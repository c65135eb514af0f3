// SPDX-License-Identifier: GPL-3.0-or-later
#include "client.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "support/catch.h"
#include "support/temp_folder.h"

namespace mail_oauth::testing {

namespace {

namespace fs = std::filesystem;

/// The folder of the system's plug-ins; empty where there is none.
fs::path system_plugins() {
  for (const char* root : {"/usr/lib", "/usr/lib64"}) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(root, none)) {
      if (fs::exists(entry.path() / "sasl2" / "libplain.so")) return entry.path() / "sasl2";
    }
  }
  return {};
}

template <class Function>
int (*generic(Function* function))() {
  return reinterpret_cast<int (*)()>(reinterpret_cast<void (*)()>(function));
}

}  // namespace

bool load_module() {
  static const bool loaded = [] {
    static const TempFolder folder;
    const fs::path plugins = system_plugins();
    if (plugins.empty()) return false;
    const fs::path ours = MAIL_OAUTH_SASL_MODULE;
    fs::create_symlink(ours, fs::path(folder.path()) / ours.filename());
    for (const char* name : {"libplain.so", "liblogin.so"}) {
      fs::create_symlink(plugins / name, fs::path(folder.path()) / name);
    }
    setenv("SASL_PATH", folder.path().c_str(), 1);
    return true;
  }();
  return loaded;
}

Client::Client(std::string user, const std::string& password) : user_(std::move(user)) {
  secret_.resize(sizeof(sasl_secret_t) + password.size());
  auto* secret = reinterpret_cast<sasl_secret_t*>(secret_.data());
  secret->len = password.size();
  std::memcpy(secret->data, password.data(), password.size());
  callbacks_[0] = {SASL_CB_AUTHNAME, generic(name), this};
  callbacks_[1] = {SASL_CB_USER, generic(name), this};
  callbacks_[2] = {SASL_CB_PASS, generic(word), this};
  callbacks_[3] = {SASL_CB_LIST_END, nullptr, nullptr};
  REQUIRE(load_module());
  static const bool ready = sasl_client_init(nullptr) == SASL_OK;
  REQUIRE(ready);
  REQUIRE(sasl_client_new("imap", "mail.contoso.test", nullptr, "192.0.2.1;993", callbacks_, 0,
                          &connection_) == SASL_OK);
}

Client::~Client() { sasl_dispose(&connection_); }

int Client::start(const char* mechanisms) {
  const char* used = nullptr;
  const int code = sasl_client_start(connection_, mechanisms, nullptr, &out_, &size_, &used);
  chosen = used ? used : "";
  return take(code);
}

int Client::go_on(const std::string& challenge) {
  return take(sasl_client_step(connection_, challenge.data(),
                               static_cast<unsigned>(challenge.size()), nullptr, &out_, &size_));
}

int Client::name(void* self, int id, const char** result, unsigned* size) {
  const auto* me = static_cast<Client*>(self);
  *result = id == SASL_CB_USER ? "" : me->user_.c_str();
  if (size) *size = static_cast<unsigned>(std::strlen(*result));
  return SASL_OK;
}

int Client::word(sasl_conn_t*, void* self, int, sasl_secret_t** secret) {
  *secret = reinterpret_cast<sasl_secret_t*>(static_cast<Client*>(self)->secret_.data());
  return SASL_OK;
}

int Client::take(int code) {
  sent = out_ && size_ > 0 ? std::string(out_, size_) : std::string();
  return code;
}

}  // namespace mail_oauth::testing
