// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opens the module with libetpan in it, and a probe of it. The module is found by the DT_RUNPATH of
// the program that this is linked into, and never closed. This file knows nothing of libetpan.
#pragma once

#include <memory>

#include "ports/mail_probe.h"

namespace mail_oauth {

/// kInternal, code "etpan_module": the module is not there or of another build (the installation is
/// damaged).
Result<std::unique_ptr<MailProbe>> open_mail_probe(const MailProbeTarget& target);

}  // namespace mail_oauth
