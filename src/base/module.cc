// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/module.h"

#include <dlfcn.h>

#include <cstring>
#include <string>

#include "base/log.h"

namespace mail_oauth {

namespace {

void* missing() {
  const char* reason = dlerror();
  log_debug("module", reason ? reason : "not found");
  return nullptr;
}

}  // namespace

void* module_entry(const char* file, const char* entry) {
  void* module = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!module) return missing();
  void* stamp = dlsym(module, MAIL_OAUTH_MODULE_STAMP_ENTRY);
  if (!stamp) return missing();
  if (std::strcmp(reinterpret_cast<MailOauthModuleStamp>(stamp)(), module_stamp()) != 0) {
    log_debug("module", std::string(file) + " is of another build");
    return nullptr;
  }
  void* found = dlsym(module, entry);
  return found ? found : missing();
}

}  // namespace mail_oauth
