// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opens parts of the program that lie beside it and are loaded when they are needed.
//
// C++ types cross the door between the two sides, so both have to be of one build: an older part
// that was left behind is refused before it is called. Nothing is closed again. Any thread.
#pragma once

#define MAIL_OAUTH_MODULE_STAMP_ENTRY "mail_oauth_module_stamp"

extern "C" {
/// What every module exports under that name: the module_stamp() that it was built with.
using MailOauthModuleStamp = const char* (*)();
}

namespace mail_oauth {

/// Changes with every header that says what crosses the door, and with the compiler.
const char* module_stamp();

/// The function `entry` of the module `file`, a bare name: the loader looks along the RUNPATH of
/// the object that this is linked into. Null when it is not there or not of this build; the log
/// says which.
void* module_entry(const char* file, const char* entry);

}  // namespace mail_oauth
