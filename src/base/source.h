// SPDX-License-Identifier: GPL-3.0-or-later
//
// Work handed to a GMainContext: once, from its loop.
//
// post() may be called from any thread. A Source belongs to the thread of its context.
#pragma once

#include <glib.h>

#include <chrono>
#include <functional>

#include "base/cptr.h"

namespace mail_oauth {

using MainContextPtr = CPtr<GMainContext, g_main_context_unref>;

/// The context whose loop serves the calling thread; never null.
MainContextPtr current_context();

/// Calls `run` once from the context's loop. Left undone when nobody runs the loop any more.
void post(GMainContext* context, std::function<void()> run);

/// The same after `delay`, taken back by destroying the Source.
class Source {
 public:
  Source() = default;
  Source(GMainContext* context, std::chrono::milliseconds delay, std::function<void()> run);

 private:
  struct Remove {
    void operator()(GSource* source) const {
      g_source_destroy(source);
      g_source_unref(source);
    }
  };
  std::unique_ptr<GSource, Remove> source_;
};

}  // namespace mail_oauth
