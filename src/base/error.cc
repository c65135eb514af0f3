// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

namespace mail_oauth {

const char* kind_name(Error::Kind kind) {
  switch (kind) {
    case Error::Kind::kInternal:
      return "internal";
    case Error::Kind::kConfig:
      return "config";
    case Error::Kind::kReauthorize:
      return "reauthorize";
    case Error::Kind::kCancelled:
      return "cancelled";
    case Error::Kind::kTransient:
      return "transient";
    case Error::Kind::kRefused:
      return "refused";
    case Error::Kind::kStorage:
      return "storage";
    case Error::Kind::kProtocol:
      return "protocol";
  }
  return "internal";
}

}  // namespace mail_oauth
