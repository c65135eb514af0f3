// SPDX-License-Identifier: GPL-3.0-or-later
//
// What LeakSanitizer is to forgive in this program only. cpprest's zero_memory_deleter, which is to
// wipe and free the plain text of a proxy's password, does nothing outside Windows (2.10.18), so
// that each request through a proxy with a password leaks it. Its frames have no names and no frame
// pointers: the library is as narrow as a suppression gets. Without a sanitizer nobody calls this.

// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer's name for it
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();

extern "C" const char* __lsan_default_suppressions() { return "leak:libcpprest.so\n"; }
