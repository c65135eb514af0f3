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

void pack(GtkWidget* box, GtkWidget* child, bool grow = false);

/// To the left, with a mnemonic.
GtkWidget* left_label(const char* text);
/// Wrapped, and to be selected with the mouse.
GtkWidget* text_label();
/// In the colour of errors, or not.
void mark_error(GtkWidget* label, bool error);

/// A line of words that may be an error. It has a sign beside it then: a theme's red alone is hard
/// to see on dark ground, and for some people anywhere.
class MarkedLine {
 public:
  MarkedLine();
  /// Owned by whoever packs it.
  GtkWidget* widget() const { return box_; }
  void say(const std::string& words, bool error);

 private:
  GtkWidget* box_;
  GtkWidget* sign_;
  GtkWidget* label_;
};

/// Lets an entry or a combo box be narrower than what it holds, so that a page fits the host's
/// window in every language.
void let_shrink(GtkWidget* widget);

/// Scrolls to `content` whenever the expander is opened: what was asked for is seen, however long
/// the page is in this language.
void reveal_when_opened(GtkWidget* expander, GtkWidget* content);

/// GTK destroys a dialog whose close box was pressed, whoever still holds it. This one only gets
/// its response then, as for Cancel: it goes when its owner says so.
void keep_when_closed(GtkWidget* dialog);

void name_for_readers(GtkWidget* widget, const char* name);
/// What a reader says after the name; empty: nothing.
void describe_for_readers(GtkWidget* widget, const std::string& words);
/// A label's text as a reader says it: without the underscore of its mnemonic.
std::string without_mnemonic(const char* label);

}  // namespace mail_oauth::claws
