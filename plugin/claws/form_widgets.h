// SPDX-License-Identifier: GPL-3.0-or-later
//
// The widgets of our pages, made alike: wrapped text, names for screen readers, text in and out.
// Main thread only.
#pragma once

#include <string>

#include "claws/host.h"

namespace mail_oauth::claws {

std::string text_in(GtkWidget* entry);
void set_text(GtkWidget* entry, const std::string& text);

bool is_on(GtkWidget* button);
void set_on(GtkWidget* button, bool on);

/// To the left, with a mnemonic.
GtkWidget* left_label(const char* text);
/// Wrapped, and to be selected with the mouse.
GtkWidget* text_label();
/// In the colour of errors, or not.
void mark_error(GtkWidget* label, bool error);

/// Lets an entry or a combo box be narrower than what it holds, so that a page fits the host's
/// window in every language.
void let_shrink(GtkWidget* widget);

void name_for_readers(GtkWidget* widget, const char* name);
/// A label's text as a reader says it: without the underscore of its mnemonic.
std::string without_mnemonic(const char* label);

}  // namespace mail_oauth::claws
