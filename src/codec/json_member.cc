// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/json_member.h"

#include <utility>

#include "codec/json_reader.h"

namespace mail_oauth {
namespace {

/// Looks at the strings of the outermost object only, and lets everything pass.
class MemberReader {
 public:
  using string_t = WipedString;  // the library's name

  explicit MemberReader(std::string_view name) : name_(name.data(), name.size()) {}

  bool null() { return true; }
  bool boolean(bool) { return true; }
  bool number_integer(std::int64_t) { return true; }
  bool number_unsigned(std::uint64_t) { return true; }
  template <class Text>
  bool number_float(double, const Text&) {
    return true;
  }
  bool string(string_t& text) {
    if (objects_ == 1 && depth_ == 1 && wanted_) found_ = Secret({text.data(), text.size()});
    return true;
  }
  bool binary(JsonValue::binary_t&) { return false; }
  bool start_object(std::size_t) {
    ++objects_;
    ++depth_;
    return true;
  }
  bool start_array(std::size_t) {
    ++depth_;
    return true;
  }
  bool end_object() {
    --objects_;
    --depth_;
    return true;
  }
  bool end_array() {
    --depth_;
    return true;
  }
  bool key(string_t& name) {
    wanted_ = name == name_;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) {
    return false;
  }

  Secret take() { return std::move(found_); }

 private:
  WipedString name_;
  Secret found_;
  bool wanted_ = false;
  std::size_t depth_ = 0;
  std::size_t objects_ = 0;
};

}  // namespace

Secret last_text_at(std::string_view text, std::string_view name) {
  MemberReader reader(name);
  const bool whole =
      JsonValue::sax_parse(ReadBytes(text.data()), ReadBytes(text.data() + text.size()), &reader);
  return whole ? reader.take() : Secret();
}

}  // namespace mail_oauth
