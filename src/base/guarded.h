// SPDX-License-Identifier: GPL-3.0-or-later
//
// The guard around every entry point that C calls: nothing may fly out into C.
//
//   extern "C" gboolean hook(gpointer source, gpointer data) {
//     return guarded("password hook", FALSE,
//                    [&] { return static_cast<Hook*>(data)->run(source); });
//   }
#pragma once

#include <exception>
#include <string>

#include "base/log.h"

namespace mail_oauth {

/// Runs `body`; an exception is logged under `where` and becomes `fallback`.
template <class R, class Body>
R guarded(const char* where, R fallback, Body&& body) noexcept {
  try {
    return body();
  } catch (const std::exception& thrown) {
    log_internal(where, thrown.what());
  } catch (...) {
    log_internal(where, "unknown exception");
  }
  return fallback;
}

/// The same for entry points that return nothing.
template <class Body>
void guarded(const char* where, Body&& body) noexcept {
  guarded(where, 0, [&] {
    body();
    return 0;
  });
}

}  // namespace mail_oauth
