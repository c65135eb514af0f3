// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/sign_in_window.h"

#include "base/guarded.h"
#include "claws/form_widgets.h"
#include "claws/notices.h"
#include "claws/sign_in_words.h"

namespace mail_oauth::claws {
namespace {

constexpr int kAgain = 1;
constexpr guint kSecondsToRead = 5;
constexpr int kQuietZone = 4;  // ISO/IEC 18004 section 6.3.8
constexpr int kModule = 4;     // pixels

GtkWidget* text_label(const std::string& text) {
  GtkWidget* label = gtk_label_new(text.c_str());
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 56);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  gtk_widget_set_can_focus(label, FALSE);
  return label;
}

GtkWidget* large_label(const std::string& text) {
  GtkWidget* label = gtk_label_new(nullptr);
  PangoAttrList* attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes, pango_attr_scale_new(2.2));
  pango_attr_list_insert(attributes, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
  pango_attr_list_insert(attributes, pango_attr_family_new("monospace"));
  gtk_label_set_attributes(GTK_LABEL(label), attributes);
  pango_attr_list_unref(attributes);
  gtk_label_set_text(GTK_LABEL(label), text.c_str());
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  return label;
}

GtkWidget* row() { return gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6); }

void append(GtkWidget* box, GtkWidget* child, bool grow = false) {
  gtk_box_pack_start(GTK_BOX(box), child, grow, grow, 0);
}

GtkWindow* main_window() {
  MainWindow* main = mainwindow_get_mainwindow();
  return main ? GTK_WINDOW(main->window) : nullptr;
}

}  // namespace

SignInWindow::SignInWindow(GtkWindow* parent, std::string account, Reactions reactions)
    : reactions_(std::move(reactions)) {
  dialog_ = GTK_WIDGET(g_object_ref_sink(gtk_dialog_new()));
  const std::string title = account.empty() ? _("Sign in") : format(_("Sign in: {}"), {account});
  gtk_window_set_title(GTK_WINDOW(dialog_), title.c_str());
  gtk_window_set_transient_for(GTK_WINDOW(dialog_), parent ? parent : main_window());
  gtk_window_set_modal(GTK_WINDOW(dialog_), parent && gtk_window_get_modal(parent));
  gtk_window_set_resizable(GTK_WINDOW(dialog_), FALSE);
  cancel_ = gtk_dialog_add_button(GTK_DIALOG(dialog_), _("_Cancel"), GTK_RESPONSE_CANCEL);

  GtkWidget* content = gtk_dialog_get_content_area(GTK_DIALOG(dialog_));
  gtk_container_set_border_width(GTK_CONTAINER(content), 12);
  gtk_box_set_spacing(GTK_BOX(content), 12);
  GtkWidget* line = row();
  spinner_ = gtk_spinner_new();
  gtk_spinner_start(GTK_SPINNER(spinner_));
  gtk_widget_set_valign(spinner_, GTK_ALIGN_START);
  status_ = text_label("");
  append(line, spinner_);
  append(line, status_, true);
  append(content, line);
  remark_ = text_label("");
  append(content, remark_);
  body_ = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  append(content, body_);
  g_signal_connect(dialog_, "response", G_CALLBACK(on_response), this);
  keep_when_closed(dialog_);
  g_signal_connect(dialog_, "key-press-event", G_CALLBACK(on_key), this);
  say(_("Preparing the sign-in ..."));
  gtk_widget_show_all(dialog_);
  gtk_widget_hide(remark_);
}

/// Newer versions of GTK let an entry that has the focus keep Escape for itself.
gboolean SignInWindow::on_key(GtkWidget* dialog, GdkEventKey* key, gpointer) {
  return guarded("sign-in window", FALSE, [&]() -> gboolean {
    if (key->keyval != GDK_KEY_Escape) return FALSE;
    gtk_dialog_response(GTK_DIALOG(dialog), GTK_RESPONSE_CANCEL);
    return TRUE;
  });
}

SignInWindow::~SignInWindow() {
  if (over_) g_source_remove(over_);
  g_signal_handlers_disconnect_by_data(dialog_, this);
  clear();  // its widgets know this window
  gtk_widget_destroy(dialog_);
  g_object_unref(dialog_);
}

GtkWidget* SignInWindow::clear() {
  pasted_ = time_left_ = nullptr;
  gtk_container_foreach(
      GTK_CONTAINER(body_), [](GtkWidget* child, gpointer) { gtk_widget_destroy(child); }, nullptr);
  return body_;
}

void SignInWindow::say(const std::string& status) {
  gtk_label_set_text(GTK_LABEL(status_), status.c_str());
}

void SignInWindow::remark(const std::string& words) {
  gtk_label_set_text(GTK_LABEL(remark_), words.c_str());
  gtk_widget_show(remark_);
}

GtkWidget* SignInWindow::add_button(GtkWidget* box, const char* label, GCallback clicked) {
  GtkWidget* button = gtk_button_new_with_mnemonic(label);
  g_signal_connect(button, "clicked", clicked, this);
  append(box, button);
  return button;
}

void SignInWindow::show_browser(const std::string& url) {
  address_ = url;
  GtkWidget* body = clear();
  say(
      _("Sign in on the page that your browser has opened. This window closes by itself when that "
        "is done."));
  GtkWidget* buttons = row();
  add_button(buttons, _("_Open browser again"), G_CALLBACK(on_open_again));
  add_button(buttons, _("Copy _address"), G_CALLBACK(on_copy_address));
  append(body, buttons);
  add_paste_field(body);
  gtk_widget_show_all(body);
  gtk_widget_grab_focus(pasted_);  // and not Cancel, which Return would press
}

void SignInWindow::add_paste_field(GtkWidget* body) {
  append(body,
         text_label(_("If the browser runs on another computer, or ends on a page that cannot "
                      "be shown, paste its last address here:")));
  GtkWidget* line = row();
  GtkWidget* label = gtk_label_new_with_mnemonic(_("_Last address"));
  pasted_ = gtk_entry_new();
  gtk_label_set_mnemonic_widget(GTK_LABEL(label), pasted_);
  name_for_readers(pasted_, _("Last address"));
  g_signal_connect(pasted_, "activate", G_CALLBACK(on_pasted), this);
  append(line, label);
  append(line, pasted_, true);
  add_button(line, _("_Use"), G_CALLBACK(on_pasted));
  append(body, line);
}

void SignInWindow::show_code(const signin::DevicePrompt& prompt) {
  code_ = prompt.user_code;
  GtkWidget* body = clear();
  say(_(
      "Open this address in a browser, on any device, and enter the code there. This window closes "
      "by itself when that is done."));
  GtkWidget* link =
      gtk_link_button_new_with_label(prompt.link().c_str(), prompt.verification_uri.c_str());
  gtk_widget_set_halign(link, GTK_ALIGN_START);
  append(body, link);
  GtkWidget* line = row();
  GtkWidget* code = large_label(code_);
  name_for_readers(code, format(_("Code: {}"), {spelled(code_)}).c_str());
  append(line, code);
  GtkWidget* button = add_button(line, _("Co_py code"), G_CALLBACK(on_copy_code));
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  append(body, line);
  GtkWidget* focus = button;
  add_qr(body, prompt);
  time_left_ = text_label("");
  append(body, time_left_);
  show_time_left(prompt.expires_in);
  gtk_widget_show_all(body);
  gtk_widget_grab_focus(focus);
}

void SignInWindow::add_qr(GtkWidget* body, const signin::DevicePrompt& prompt) {
  auto matrix = qr::encode(prompt.link());
  if (!matrix) return;
  qr_ = *std::move(matrix);
  const int side = (qr_->size() + 2 * kQuietZone) * kModule;
  GtkWidget* area = gtk_drawing_area_new();
  gtk_widget_set_size_request(area, side, side);
  gtk_widget_set_halign(area, GTK_ALIGN_START);
  name_for_readers(area, _("QR code of the address"));
  g_signal_connect(area, "draw", G_CALLBACK(on_draw_qr), this);
  append(body, area);
  // RFC 8628 section 5.4: who scans has to see that it is their own code.
  append(body,
         text_label(prompt.verification_uri_complete.empty()
                        ? _("The picture holds the address, for a phone's camera.")
                        : _("The picture holds the address and the code, for a phone's camera. "
                            "Go on only if the page shows the same code as above.")));
}

gboolean SignInWindow::on_draw_qr(GtkWidget*, cairo_t* cr, gpointer data) {
  return guarded("QR code", FALSE, [&] {
    const auto& matrix = *static_cast<SignInWindow*>(data)->qr_;
    const int modules = matrix.size() + 2 * kQuietZone;
    // Black on white in every theme: cameras want it so.
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_rectangle(cr, 0, 0, modules * kModule, modules * kModule);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0, 0, 0);
    for (int y = 0; y < matrix.size(); ++y) {
      for (int x = 0; x < matrix.size(); ++x) {
        if (!matrix.dark(x, y)) continue;
        cairo_rectangle(cr, (x + kQuietZone) * kModule, (y + kQuietZone) * kModule, kModule,
                        kModule);
      }
    }
    cairo_fill(cr);
    return FALSE;
  });
}

void SignInWindow::show_time_left(std::chrono::seconds left) {
  if (time_left_) gtk_label_set_text(GTK_LABEL(time_left_), time_left_words(left).c_str());
}

void SignInWindow::show_failure(const Error& error) {
  GtkWidget* body = clear();
  say(plain_words(error));
  add_details(body, error);
  gtk_widget_show_all(body);
  GtkWidget* again = gtk_dialog_add_button(GTK_DIALOG(dialog_), _("_Try again"), kAgain);
  gtk_widget_show(again);
  end_with_close();
}

void SignInWindow::add_details(GtkWidget* body, const Error& error) {
  const std::string details = details_of(error);
  if (details.empty()) return;
  GtkWidget* expander = gtk_expander_new_with_mnemonic(_("_Details"));
  GtkWidget* text = text_label(details);
  gtk_widget_set_can_focus(text, TRUE);  // to be selected and copied by keyboard, too
  gtk_container_add(GTK_CONTAINER(expander), text);
  append(body, expander);
}

void SignInWindow::show_success(const std::string& line) {
  clear();
  say(line);
  end_with_close();
  over_ = g_timeout_add_seconds(kSecondsToRead, on_over, this);
}

void SignInWindow::end_with_close() {
  gtk_spinner_stop(GTK_SPINNER(spinner_));
  gtk_widget_hide(spinner_);
  gtk_button_set_label(GTK_BUTTON(cancel_), _("_Close"));
  gtk_dialog_set_default_response(GTK_DIALOG(dialog_), GTK_RESPONSE_CANCEL);
  gtk_widget_grab_focus(cancel_);
}

gboolean SignInWindow::on_over(gpointer data) {
  guarded("sign-in window", [&] {
    auto* self = static_cast<SignInWindow*>(data);
    self->over_ = 0;
    const auto closed = self->reactions_.closed;
    if (closed) closed();
  });
  return G_SOURCE_REMOVE;
}

void SignInWindow::on_response(GtkDialog*, int response, gpointer data) {
  guarded("sign-in window", [&] {
    const auto& reactions = static_cast<SignInWindow*>(data)->reactions_;
    const auto react = response == kAgain ? reactions.again : reactions.closed;
    if (react) react();
  });
}

void SignInWindow::on_open_again(GtkButton*, gpointer data) {
  guarded("sign-in window", [&] {
    const auto react = static_cast<SignInWindow*>(data)->reactions_.open_again;
    if (react) react();
  });
}

void SignInWindow::copy(const std::string& text) {
  GtkClipboard* clipboard = gtk_widget_get_clipboard(dialog_, GDK_SELECTION_CLIPBOARD);
  gtk_clipboard_set_text(clipboard, text.c_str(), -1);
}

void SignInWindow::on_copy_address(GtkButton*, gpointer data) {
  guarded("sign-in window", [&] {
    auto* self = static_cast<SignInWindow*>(data);
    self->copy(self->address_);
  });
}

void SignInWindow::on_copy_code(GtkButton*, gpointer data) {
  guarded("sign-in window", [&] {
    auto* self = static_cast<SignInWindow*>(data);
    self->copy(self->code_);
  });
}

void SignInWindow::on_pasted(GtkWidget*, gpointer data) {
  guarded("sign-in window", [&] {
    auto* self = static_cast<SignInWindow*>(data);
    if (!self->pasted_) return;
    const Secret text(gtk_entry_get_text(GTK_ENTRY(self->pasted_)));
    gtk_entry_set_text(GTK_ENTRY(self->pasted_), "");
    const auto react = self->reactions_.pasted;
    if (react && text.size() > 0) react(text);
  });
}

}  // namespace mail_oauth::claws
