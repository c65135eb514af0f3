// SPDX-License-Identifier: GPL-3.0-or-later
//
// Result<T>: a value, or the Error that stands in its place.
//
// The names are those of std::expected (C++23), so that it can take over one day. Nothing throws:
// reading the wrong side ends the process, because that is a bug and not a condition.
#pragma once

#include <cstdlib>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.h"

namespace mail_oauth {

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return *checked(); }
  const T& value() const& { return *const_cast<Result*>(this)->checked(); }
  T&& value() && { return std::move(*checked()); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return checked(); }
  const T* operator->() const { return const_cast<Result*>(this)->checked(); }

  const Error& error() const {
    const Error* error = std::get_if<1>(&state_);
    if (!error) std::abort();
    return *error;
  }

 private:
  T* checked() {
    T* value = std::get_if<0>(&state_);
    if (!value) std::abort();
    return value;
  }

  std::variant<T, Error> state_;
};

/// For actions that only succeed or fail.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return error_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  const Error& error() const {
    const Error* error = std::get_if<1>(&error_);
    if (!error) std::abort();
    return *error;
  }

 private:
  std::variant<std::monostate, Error> error_;
};

}  // namespace mail_oauth
