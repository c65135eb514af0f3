// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/json.h"

#include <charconv>
#include <limits>
#include <utility>

#include "base/i18n.h"
#include "codec/json_reader.h"

namespace mail_oauth {

namespace {

constexpr double kExactDouble = 9007199254740992.0;  // 2^53: below it, a double is a whole number

template <class Text>
std::string plain(const Text& text) {
  return std::string(text.data(), text.size());
}

WipedString wiped(std::string_view text) { return WipedString(text.data(), text.size()); }

std::optional<std::int64_t> integer(const JsonValue& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return {};
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return {};
  const auto number = value.get<double>();
  if (!(number > -kExactDouble && number < kExactDouble)) return {};
  const auto whole = static_cast<std::int64_t>(number);
  if (static_cast<double>(whole) < number || static_cast<double>(whole) > number) return {};
  return whole;
}

WipedString dumped(const JsonValue& value, int indent, bool ascii = false) {
  return value.dump(indent, ' ', ascii, JsonValue::error_handler_t::replace);
}

Secret secret(const WipedString& text) { return Secret({text.data(), text.size()}); }

}  // namespace

struct Json::Document {
  JsonValue value;

  const JsonValue* member(std::string_view key) const {
    if (!value.is_object()) return nullptr;
    const auto found = value.find(wiped(key));
    return found == value.end() ? nullptr : &*found;
  }
};

Result<Json> Json::parse(std::string_view text) {
  JsonReader reader;
  if (JsonValue::sax_parse(ReadBytes(text.data()), ReadBytes(text.data() + text.size()), &reader)) {
    auto document = std::make_unique<Document>();
    document->value = reader.take();
    return Json(std::move(document));
  }
  if (reader.repeated_key()) {
    return make_error(Error::Kind::kProtocol, _("The JSON text names a key twice."));
  }
  if (reader.too_deep()) {
    return make_error(Error::Kind::kProtocol, _("The JSON text is nested too deeply."));
  }
  return make_error(Error::Kind::kProtocol,
                    format(_("The text is not JSON: it breaks off or goes wrong at byte {}."),
                           {std::to_string(reader.position())}));
}

Json::Json(std::unique_ptr<Document> document) : document_(std::move(document)) {}
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

Json Json::object() { return Json(std::make_unique<Document>(Document{JsonValue::object()})); }
Json Json::array() { return Json(std::make_unique<Document>(Document{JsonValue::array()})); }
Json Json::of(std::string_view text) {
  return Json(std::make_unique<Document>(Document{JsonValue(wiped(text))}));
}
Json Json::of(std::int64_t number) {
  return Json(std::make_unique<Document>(Document{JsonValue(number)}));
}
Json Json::of_boolean(bool flag) {
  return Json(std::make_unique<Document>(Document{JsonValue(flag)}));
}
Json Json::duplicate() const { return Json(std::make_unique<Document>(*document_)); }

Json::Type Json::type() const {
  const JsonValue& value = document_->value;
  if (value.is_boolean()) return Type::kBoolean;
  if (value.is_number()) return Type::kNumber;
  if (value.is_string()) return Type::kString;
  if (value.is_array()) return Type::kArray;
  return value.is_object() ? Type::kObject : Type::kNull;
}

std::optional<std::string> Json::string_at(std::string_view key) const {
  const JsonValue* member = document_->member(key);
  if (!member || !member->is_string()) return {};
  return plain(member->get_ref<const WipedString&>());
}

std::optional<Secret> Json::secret_at(std::string_view key) const {
  const JsonValue* member = document_->member(key);
  if (!member || !member->is_string()) return {};
  return secret(member->get_ref<const WipedString&>());
}

std::optional<std::int64_t> Json::integer_at(std::string_view key) const {
  const JsonValue* member = document_->member(key);
  return member ? integer(*member) : std::nullopt;
}

std::optional<std::int64_t> Json::integer_or_text_at(std::string_view key) const {
  const auto text = string_at(key);
  if (!text) return integer_at(key);
  std::int64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number);
  if (read.ptr != end || read.ec != std::errc()) return {};
  return number;
}

std::optional<bool> Json::boolean_at(std::string_view key) const {
  const JsonValue* member = document_->member(key);
  if (!member || !member->is_boolean()) return {};
  return member->get<bool>();
}

bool Json::has(std::string_view key) const { return document_->member(key) != nullptr; }

std::optional<Json> Json::at(std::string_view key) const {
  const JsonValue* member = document_->member(key);
  if (!member) return {};
  return Json(std::make_unique<Document>(Document{*member}));
}

std::vector<std::string> Json::keys() const {
  std::vector<std::string> names;
  if (!is_object()) return names;
  for (const auto& [name, member] : document_->value.get_ref<const JsonValue::object_t&>()) {
    names.push_back(plain(name));
  }
  return names;
}

std::vector<Json> Json::items() const {
  std::vector<Json> copies;
  if (type() != Type::kArray) return copies;
  for (const JsonValue& item : document_->value) {
    copies.push_back(Json(std::make_unique<Document>(Document{item})));
  }
  return copies;
}

std::optional<std::string> Json::as_string() const {
  if (type() != Type::kString) return {};
  return plain(document_->value.get_ref<const WipedString&>());
}

std::optional<std::int64_t> Json::as_integer() const { return integer(document_->value); }

std::optional<bool> Json::as_boolean() const {
  if (type() != Type::kBoolean) return {};
  return document_->value.get<bool>();
}

void Json::set(std::string_view key, Json value) {
  document_->value[wiped(key)] = std::move(value.document_->value);
}

void Json::remove(std::string_view key) { document_->value.erase(wiped(key)); }

void Json::append(Json value) { document_->value.push_back(std::move(value.document_->value)); }

std::string Json::text() const { return plain(dumped(document_->value, -1)); }

Secret Json::secret_text() const { return secret(dumped(document_->value, -1)); }

std::string Json::ascii_text() const { return plain(dumped(document_->value, -1, true)); }

Secret Json::secret_ascii_text() const { return secret(dumped(document_->value, -1, true)); }

std::string Json::pretty_text() const { return plain(dumped(document_->value, 2)) + "\n"; }

}  // namespace mail_oauth
