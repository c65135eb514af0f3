// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/http_options.h"

#include <glib.h>

namespace mail_oauth {

namespace {

std::string value_of(const std::string& variable) {
  const char* value = g_getenv(variable.c_str());
  return value ? value : "";
}

std::string the_one_set(const char* lower, const char* upper) {
  return value_of(lower).empty() && !value_of(upper).empty() ? upper : lower;
}

}  // namespace

HttpOptions http_options_from_environment() {
  HttpOptions options;
  options.proxy_variable = the_one_set("https_proxy", "HTTPS_PROXY");
  options.proxy = value_of(options.proxy_variable);
  options.no_proxy = value_of(the_one_set("no_proxy", "NO_PROXY"));
  return options;
}

}  // namespace mail_oauth
