// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/shared_mailbox_adder.h"

#include "base/guarded.h"
#include "claws/accounts.h"
#include "claws/form_widgets.h"

namespace mail_oauth::claws {
namespace {

GtkWidget* wrapped_label(const std::string& text) {
  GtkWidget* label = gtk_label_new(text.c_str());
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 50);
  return label;
}

}  // namespace

/// Comes up when it is made, and hides when it is answered.
class SharedMailboxAdder::Dialog {
 public:
  explicit Dialog(SharedMailboxAdder& owner);
  ~Dialog();
  Dialog(const Dialog&) = delete;
  Dialog& operator=(const Dialog&) = delete;

 private:
  void build_entry(GtkGrid* grid);
  void build_protocols(GtkGrid* grid);
  void say_wrong(const std::string& words);
  void answer(int response);
  static void on_response(GtkDialog*, int response, gpointer self);
  static void on_edited(GtkEntry*, gpointer self);

  SharedMailboxAdder& owner_;
  GtkWidget* dialog_;
  GtkWidget* entry_ = nullptr;
  GtkWidget* wrong_ = nullptr;  ///< Beside the field: what is wrong with it.
  GtkWidget* pop_ = nullptr;
};

SharedMailboxAdder::Dialog::Dialog(SharedMailboxAdder& owner)
    : owner_(owner),
      dialog_(GTK_WIDGET(g_object_ref(gtk_dialog_new_with_buttons(
          _("Add a shared mailbox"), owner.window_, GTK_DIALOG_MODAL, _("_Cancel"),
          GTK_RESPONSE_CANCEL, _("_Add"), GTK_RESPONSE_ACCEPT, nullptr)))) {
  gtk_dialog_set_default_response(GTK_DIALOG(dialog_), GTK_RESPONSE_ACCEPT);
  gtk_window_set_resizable(GTK_WINDOW(dialog_), FALSE);
  GtkWidget* grid = gtk_grid_new();
  gtk_container_set_border_width(GTK_CONTAINER(grid), 12);
  gtk_grid_set_row_spacing(GTK_GRID(grid), 6);
  gtk_grid_set_column_spacing(GTK_GRID(grid), 12);
  const std::string about =
      format(_("Makes another account, which opens a mailbox that {} may use. It needs no sign-in "
               "of its own."),
             {owner.source_.identity});
  gtk_grid_attach(GTK_GRID(grid), wrapped_label(about), 0, 0, 2, 1);
  build_entry(GTK_GRID(grid));
  build_protocols(GTK_GRID(grid));
  gtk_container_add(GTK_CONTAINER(gtk_dialog_get_content_area(GTK_DIALOG(dialog_))), grid);
  g_signal_connect(dialog_, "response", G_CALLBACK(on_response), this);
  keep_when_closed(dialog_);
  gtk_widget_show_all(dialog_);
  gtk_widget_hide(wrong_);
  gtk_widget_grab_focus(entry_);
}

SharedMailboxAdder::Dialog::~Dialog() {
  g_signal_handlers_disconnect_by_data(dialog_, this);
  g_signal_handlers_disconnect_by_data(entry_, this);
  gtk_widget_destroy(dialog_);
  g_object_unref(entry_);
  g_object_unref(dialog_);
}

void SharedMailboxAdder::Dialog::build_entry(GtkGrid* grid) {
  GtkWidget* label = gtk_label_new_with_mnemonic(_("A_ddress of the mailbox"));
  entry_ = GTK_WIDGET(g_object_ref_sink(gtk_entry_new()));
  gtk_entry_set_placeholder_text(GTK_ENTRY(entry_), _("team@example.org"));
  gtk_entry_set_activates_default(GTK_ENTRY(entry_), TRUE);
  gtk_entry_set_width_chars(GTK_ENTRY(entry_), 32);
  gtk_widget_set_hexpand(entry_, TRUE);
  gtk_label_set_mnemonic_widget(GTK_LABEL(label), entry_);
  atk_object_set_name(gtk_widget_get_accessible(entry_), _("Address of the mailbox"));
  wrong_ = wrapped_label({});
  gtk_style_context_add_class(gtk_widget_get_style_context(wrong_), GTK_STYLE_CLASS_ERROR);
  gtk_grid_attach(grid, label, 0, 1, 1, 1);
  gtk_grid_attach(grid, entry_, 1, 1, 1, 1);
  gtk_grid_attach(grid, wrong_, 1, 2, 1, 1);
  g_signal_connect(entry_, "changed", G_CALLBACK(on_edited), this);
}

void SharedMailboxAdder::Dialog::build_protocols(GtkGrid* grid) {
  GtkWidget* imap = gtk_radio_button_new_with_mnemonic(nullptr, _("_IMAP, with all its folders"));
  pop_ = gtk_radio_button_new_with_mnemonic_from_widget(
      GTK_RADIO_BUTTON(imap),
      _("_POP3, only new messages; they stay on the server for the others"));
  GtkWidget* label = gtk_label_new(_("Receive by"));
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_grid_attach(grid, label, 0, 3, 1, 1);
  gtk_grid_attach(grid, imap, 1, 3, 1, 1);
  gtk_grid_attach(grid, pop_, 1, 4, 1, 1);
}

void SharedMailboxAdder::Dialog::say_wrong(const std::string& words) {
  gtk_label_set_text(GTK_LABEL(wrong_), words.c_str());
  gtk_widget_set_visible(wrong_, !words.empty());
  atk_object_set_description(gtk_widget_get_accessible(entry_), words.c_str());
  if (!words.empty()) gtk_widget_grab_focus(entry_);
}

void SharedMailboxAdder::Dialog::answer(int response) {
  if (response != GTK_RESPONSE_ACCEPT) return gtk_widget_hide(dialog_);
  const bool pop = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(pop_));
  auto mailbox = owner_.checked(gtk_entry_get_text(GTK_ENTRY(entry_)), pop);
  if (!mailbox) return say_wrong(mailbox.error().what);
  gtk_widget_hide(dialog_);
  owner_.add(std::move(*mailbox));
}

void SharedMailboxAdder::Dialog::on_response(GtkDialog*, int response, gpointer self) {
  guarded("shared mailbox", [&] { static_cast<Dialog*>(self)->answer(response); });
}

void SharedMailboxAdder::Dialog::on_edited(GtkEntry*, gpointer self) {
  guarded("shared mailbox", [&] { static_cast<Dialog*>(self)->say_wrong({}); });
}

SharedMailboxAdder::SharedMailboxAdder(GtkWindow* window, std::string account, Questions questions)
    : window_(window), account_(std::move(account)), questions_(std::move(questions)) {
  box_ = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  g_object_ref_sink(box_);
  button_ = gtk_button_new_with_mnemonic(_("Add a s_hared mailbox..."));
  gtk_widget_set_valign(button_, GTK_ALIGN_CENTER);
  line_ = wrapped_label({});
  gtk_box_pack_start(GTK_BOX(box_), button_, FALSE, FALSE, 0);
  gtk_box_pack_start(GTK_BOX(box_), line_, TRUE, TRUE, 0);
  g_signal_connect(button_, "clicked", G_CALLBACK(on_clicked), this);
  gtk_widget_show_all(box_);
}

SharedMailboxAdder::~SharedMailboxAdder() {
  dialog_.reset();
  g_signal_handlers_disconnect_by_data(button_, this);
  g_object_unref(box_);
}

std::vector<SharedMailbox> SharedMailboxAdder::take() { return std::exchange(wanted_, {}); }

void SharedMailboxAdder::on_clicked(GtkButton*, gpointer self) {
  guarded("shared mailbox", [&] { static_cast<SharedMailboxAdder*>(self)->open(); });
}

void SharedMailboxAdder::open() {
  auto source = questions_.source();
  if (!source) return questions_.trouble(source.error());
  source_ = std::move(*source);
  dialog_ = std::make_unique<Dialog>(*this);
}

Result<SharedMailbox> SharedMailboxAdder::checked(const std::string& typed, bool pop) const {
  auto mailbox = shared_mailbox(typed, pop, source_.identity);
  if (!mailbox) return mailbox;
  if (pop && !folder_get_default_inbox_for_class(F_MH)) {
    return make_error(Error::Kind::kConfig,
                      _("Claws Mail has no local mailbox to put messages into that come by POP3. "
                        "Make one first (File, Add mailbox, MH), or choose IMAP."));
  }
  std::vector<AccountView> accounts = account_views();
  AccountView edited;  // As the page says it now.
  edited.name = account_;
  edited.intent = source_;
  accounts.push_back(std::move(edited));
  for (const auto& wanted : wanted_) {
    AccountView coming;
    coming.name = wanted.address;
    coming.intent = intent_for(wanted, source_);
    accounts.push_back(std::move(coming));
  }
  if (const AccountView* there = account_with(mailbox->address, accounts)) {
    return already_there(mailbox->address, there->name);
  }
  return mailbox;
}

void SharedMailboxAdder::add(SharedMailbox mailbox) {
  wanted_.push_back(std::move(mailbox));
  std::string names;
  for (const auto& wanted : wanted_) {
    if (!names.empty()) names += ", ";
    names += wanted.address;
  }
  const std::string words = format(_("Added when you close this window with OK: {}"), {names});
  gtk_label_set_text(GTK_LABEL(line_), words.c_str());
}

}  // namespace mail_oauth::claws
