#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes po/POTFILES anew: every source with words for a person in it.
set -eu
cd "$(dirname "$0")/../.."
{
  echo '# SPDX-License-Identifier: GPL-3.0-or-later'
  grep -rlE --include='*.cc' --include='*.h' '\b(N?_|translated_plural)\(' src plugin | grep -v '^src/base/i18n\.' | LC_ALL=C sort
} >po/POTFILES
