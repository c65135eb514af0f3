// SPDX-License-Identifier: GPL-3.0-or-later
//
// In the place of mail-oauth-net.so: one of another build, that would crash.
#include <cstdlib>

extern "C" {
__attribute__((visibility("default"))) const char* mail_oauth_module_stamp() {
  return "another build";
}
__attribute__((visibility("default"))) void* mail_oauth_net_open(const void*) { std::abort(); }
}
