// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/http_options.h"

#include <glib.h>

namespace mail_oauth {

namespace {

std::string either(const char* lower, const char* upper) {
  const char* value = g_getenv(lower);
  if (!value || !*value) value = g_getenv(upper);
  return value ? value : "";
}

}  // namespace

HttpOptions http_options_from_environment() {
  HttpOptions options;
  options.proxy = either("https_proxy", "HTTPS_PROXY");
  options.no_proxy = either("no_proxy", "NO_PROXY");
  return options;
}

}  // namespace mail_oauth
