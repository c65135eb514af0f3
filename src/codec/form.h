// SPDX-License-Identifier: GPL-3.0-or-later
//
// application/x-www-form-urlencoded, for bodies and for queries (RFC 6749 appendix B). Pure; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"

namespace mail_oauth {

/// Everything but letters, digits and "-._~" as %XX: right in a query and in a body.
std::string percent_encoded(std::string_view value);

/// Collects name=value pairs in a Secret.
class FormBody {
 public:
  FormBody& add(std::string_view name, std::string_view value);
  Secret take() { return std::move(body_); }

 private:
  Secret body_;
};

using FormFields = std::vector<std::pair<std::string, std::string>>;

/// "+" is a space. Nothing when an escape is broken or a decoded byte is a control character, but
/// for escaped line ends and tabs in a value: texts such as Microsoft's error_description hold
/// them. Who takes such a value for more than a text must check it.
/// A code may be among the values: wipe() them when they were read.
std::optional<FormFields> parse_form(std::string_view text);
void wipe(FormFields& fields);

}  // namespace mail_oauth
