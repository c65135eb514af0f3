// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ownership of what C interfaces hand out.
//
// What C gives away enters a CPtr in the same statement; GObjects enter a GRef by name: `adopt`
// takes the reference over, `share` adds one. Not thread-safe beyond what the C library promises.
#pragma once

#include <glib-object.h>

#include <memory>

namespace mail_oauth {

template <auto Free>
struct CFree {
  template <class T>
  void operator()(T* owned) const {
    Free(owned);
  }
};

template <class T, auto Free>
using CPtr = std::unique_ptr<T, CFree<Free>>;

using GCharPtr = CPtr<char, g_free>;
using GErrorPtr = CPtr<GError, g_error_free>;

/// A GObject reference. `GRef<T>::adopt(new_object())`, `GRef<T>::share(borrowed)`.
template <class T>
class GRef {
 public:
  GRef() = default;
  static GRef adopt(T* owned) { return GRef(owned); }
  static GRef share(T* borrowed) {
    return GRef(borrowed ? static_cast<T*>(g_object_ref(borrowed)) : nullptr);
  }
  T* get() const { return object_.get(); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  explicit GRef(T* owned) : object_(owned) {}
  struct Unref {
    void operator()(T* object) const { g_object_unref(object); }
  };
  std::unique_ptr<T, Unref> object_;
};

}  // namespace mail_oauth
