// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asynchronous calls that follow each other, dropped together. Belongs to one GMainContext, as the
// calls do.
#pragma once

#include <functional>
#include <memory>

#include "ports/call.h"

namespace mail_oauth {

/// The call that is under way.
struct Steps {
  Call current;
};

/// `first` gets a way to put the next step in the place of itself.
using NextStep = std::function<void(const std::function<Call()>&)>;

inline Call in_steps(const std::function<Call(NextStep)>& first) {
  const auto steps = std::make_shared<Steps>();
  const std::weak_ptr<Steps> weak = steps;
  steps->current = first([weak](const std::function<Call()>& start) {
    if (const auto alive = weak.lock()) alive->current = start();
  });
  return Call([steps] { steps->current.cancel(); });
}

}  // namespace mail_oauth
