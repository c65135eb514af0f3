// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/form.h"

#include "base/secret_arena.h"

namespace mail_oauth {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

/// REQUIRES: three bytes at `out` for each of `value`. Returns how many were written.
std::size_t encode_into(char* out, std::string_view value) {
  char* const start = out;
  for (const char c : value) {
    if (unreserved(c)) {
      *out++ = c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    *out++ = '%';
    *out++ = kHex[byte >> 4];
    *out++ = kHex[byte & 15];
  }
  return static_cast<std::size_t>(out - start);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool layout(char c) { return c == '\r' || c == '\n' || c == '\t'; }

/// False where `text` cannot be read.
bool decode_into(std::string& out, std::string_view text, bool in_value) {
  out.reserve(text.size());  // growing would free a piece of a code unwiped
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    const bool escaped = c == '%';
    if (c == '+') {
      c = ' ';
    } else if (escaped) {
      if (text.size() - at < 3) return false;
      const int high = hex_value(text[at + 1]);
      const int low = hex_value(text[at + 2]);
      if (high < 0 || low < 0) return false;
      c = static_cast<char>(high * 16 + low);
      at += 2;
    }
    if (control(c) && !(in_value && escaped && layout(c))) return false;
    out += c;
  }
  return true;
}

}  // namespace

void wipe(FormFields& fields) {
  for (auto& [name, value] : fields) wipe(value.data(), value.size());
}

std::string percent_encoded(std::string_view value) {
  std::string out(value.size() * 3, '\0');
  out.resize(encode_into(out.data(), value));
  return out;
}

FormBody& FormBody::add(std::string_view name, std::string_view value) {
  // Not through percent_encoded(): the value may be a token, and its bytes stay in the arena.
  Secret encoded = Secret::with_size(value.size() * 3);
  encoded.shrink(encode_into(encoded.writable(), value));
  body_ = Secret::join(body_.reveal(), body_.empty() ? "" : "&", percent_encoded(name), "=",
                       encoded.reveal());
  return *this;
}

std::optional<FormFields> parse_form(std::string_view text) {
  FormFields fields;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view said = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    auto& [name, value] = fields.emplace_back();
    if (!decode_into(name, pair.substr(0, equals), false) || !decode_into(value, said, true)) {
      wipe(fields);
      return std::nullopt;
    }
  }
  return fields;
}

}  // namespace mail_oauth
