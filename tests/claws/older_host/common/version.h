// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pretends that the host we build against is older than the one that will run: its check then
// refuses the module, as it refuses one that was not built again after an upgrade.
#pragma once
#pragma GCC system_header  // for the GNU extension below

#include_next <common/version.h>

#undef VERSION_NUMERIC
#define VERSION_NUMERIC MAKE_NUMERIC_VERSION(4, 0, 0, 0)
