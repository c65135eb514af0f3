// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/notice_bar.h"

#include <algorithm>

#include "base/guarded.h"
#include "claws/attention_words.h"
#include "claws/notice_parts.h"

namespace mail_oauth::claws {
namespace {

constexpr int kSignIn = 1;
constexpr int kHide = 2;
constexpr int kSignInWithCode = 3;

}  // namespace

NoticeBar::~NoticeBar() { remove(); }

void NoticeBar::remove() {
  if (box_) gtk_widget_destroy(box_);  // on_destroy forgets the rest
}

void NoticeBar::show(const std::vector<Attention::Mark>& marks) {
  std::vector<std::string> texts;
  texts.reserve(marks.size());
  for (const auto& mark : marks) texts.push_back(headline(mark) + "\n" + reason(mark));
  const auto wanted = [&](const std::string& text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
  };
  for (auto text = hidden_.begin(); text != hidden_.end();) {
    text = wanted(*text) ? std::next(text) : hidden_.erase(text);
  }
  for (auto row = rows_.begin(); row != rows_.end();) {
    if (wanted(row->text)) {
      ++row;
      continue;
    }
    GtkWidget* bar = row->bar;
    row = rows_.erase(row);
    gtk_widget_destroy(bar);
  }
  for (std::size_t i = 0; i < marks.size(); ++i) add_row(marks[i], texts[i]);
  if (rows_.empty()) remove();
}

/// Above the part of the window that changes with the layout.
bool NoticeBar::place() {
  if (box_) return true;
  box_ = new_notice_box();
  if (!box_) return false;
  g_signal_connect(box_, "destroy", G_CALLBACK(on_destroy), this);
  return true;
}

void NoticeBar::add_row(const Attention::Mark& mark, const std::string& text) {
  const bool there =
      std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) { return row.text == text; });
  if (there || hidden_.count(text) != 0 || !place()) return;
  GtkWidget* bar = gtk_info_bar_new();
  gtk_info_bar_set_message_type(GTK_INFO_BAR(bar), GTK_MESSAGE_WARNING);
  gtk_box_pack_start(GTK_BOX(gtk_info_bar_get_content_area(GTK_INFO_BAR(bar))),
                     notice_words(headline(mark), reason(mark)), TRUE, TRUE, 0);
  add_buttons(GTK_INFO_BAR(bar), mark);
  g_signal_connect(bar, "response", G_CALLBACK(on_response), this);
  gtk_box_pack_start(GTK_BOX(box_), bar, FALSE, FALSE, 0);
  gtk_widget_show_all(bar);
  rows_.push_back({text, mark.grant, bar});
}

void NoticeBar::add_buttons(GtkInfoBar* bar, const Attention::Mark& mark) {
  if (!mark.offers_sign_in()) {
    gtk_info_bar_add_button(bar, _("Hi_de"), kHide);
    return;
  }
  if (reactions_.offers_code(mark.grant)) {
    gtk_info_bar_add_button(bar, _("Sign in with a co_de"), kSignInWithCode);
  }
  // The last one is where people look for the usual answer.
  gtk_info_bar_add_button(bar, _("_Sign in"), kSignIn);
}

void NoticeBar::on_response(GtkInfoBar* bar, int response, gpointer data) {
  guarded("notice", [&] {
    auto* self = static_cast<NoticeBar*>(data);
    const auto row = std::find_if(self->rows_.begin(), self->rows_.end(),
                                  [&](const Row& one) { return one.bar == GTK_WIDGET(bar); });
    if (row == self->rows_.end()) return;
    if (response == kSignIn || response == kSignInWithCode) {
      const GrantKey grant = row->grant;
      return self->reactions_.sign_in(grant,
                                      response == kSignIn ? SignInWay::kBrowser : SignInWay::kCode);
    }
    if (response != kHide) return;
    self->hidden_.insert(row->text);
    self->rows_.erase(row);
    gtk_widget_destroy(GTK_WIDGET(bar));
    if (self->rows_.empty()) self->remove();
  });
}

/// With the window, when the host ends.
void NoticeBar::on_destroy(GtkWidget*, gpointer data) {
  auto* self = static_cast<NoticeBar*>(data);
  self->box_ = nullptr;
  self->rows_.clear();
}

}  // namespace mail_oauth::claws
