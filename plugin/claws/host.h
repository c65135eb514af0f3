// SPDX-License-Identifier: GPL-3.0-or-later
//
// The host's headers: the one file that includes them.
//
// Claws Mail's headers are C and were not written for C++: they need GLib, GTK and GnuTLS before
// them, use `class` as a name (gtk/gtkutils.h) and declare strcasestr unless told that it is there
// (common/utils.h). claws-features.h comes first, or Session, PrefsCommon and the like get wrong
// sizes. Nothing of the host is linked: the program exports its symbols to its plugins.
#pragma once

#include <gio/gio.h>
#include <glib.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <gtk/gtk.h>
#include <libetpan/libetpan.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/cptr.h"

// The host sticks macros to strings ("..."VERSION), which is an error for clang before it is a
// warning.
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wreserved-user-defined-literal"
#endif
extern "C" {
#ifndef HAVE_CONFIG_H
#define HAVE_CONFIG_H 1
#endif
#ifndef HAVE_STRCASESTR
#define HAVE_STRCASESTR 1
#endif
#define class class_
#include <claws-features.h>
// These come after the features, and in this order.
#include <common/claws.h>
#include <common/hooks.h>
#include <common/log.h>
#include <common/plugin.h>
#include <common/utils.h>
#include <common/version.h>

#include <account.h>
#include <alertpanel.h>
#include <folder.h>
#include <folderview.h>
#include <gtk/prefswindow.h>
#include <imap.h>
#include <inc.h>
#include <main.h>
#include <mainwindow.h>
#include <password.h>
#include <passwordstore.h>
#include <prefs_account.h>
#include <prefs_common.h>
#include <remotefolder.h>
#include <statusbar.h>
#undef class
}
#ifdef __clang__
#pragma clang diagnostic pop
#endif

// The host's own gettext macros; ours come from base/i18n.h, which every file includes after this
// one.
#undef _
#undef N_
#include "base/i18n.h"
#ifndef _
#define _(text) ::mail_oauth::translated(text)
#define N_(text) text
#endif
