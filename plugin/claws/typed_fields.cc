// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/typed_fields.h"

#include <libintl.h>

#include <functional>

#include "claws/accounts.h"
#include "claws/server_fields.h"

namespace mail_oauth::claws {
namespace {

/// As in the host's gtk/combobox.h and gtk/menu.h.
constexpr int kComboData = 1;
constexpr char kRadioData[] = "Claws::Menu::ValueID";

using Fits = std::function<bool(GtkWidget*)>;

struct Search {
  const Fits& fits;
  GtkWidget* found = nullptr;
};

void look(GtkWidget* widget, gpointer data) {
  auto* search = static_cast<Search*>(data);
  if (search->found) return;
  if (search->fits(widget)) {
    search->found = widget;
  } else if (GTK_IS_CONTAINER(widget)) {
    gtk_container_foreach(GTK_CONTAINER(widget), look, data);
  }
}

/// The first one in the order of the window; null when there is none.
GtkWidget* first(GtkWidget* root, const Fits& fits) {
  if (!root) return nullptr;
  Search search{fits};
  look(root, &search);
  return search.found;
}

const char* in_the_hosts_language(const char* words) { return dgettext("claws-mail", words); }

GtkWidget* label_with(GtkWidget* root, const char* words) {
  const std::string wanted = in_the_hosts_language(words);
  return first(root, [&](GtkWidget* widget) {
    return GTK_IS_LABEL(widget) && GTK_IS_GRID(gtk_widget_get_parent(widget)) &&
           text_of(gtk_label_get_text(GTK_LABEL(widget))) == wanted;
  });
}

std::optional<std::string> entry_beside(GtkWidget* root, const char* words) {
  GtkWidget* label = label_with(root, words);
  if (!label) return std::nullopt;
  auto* grid = GTK_GRID(gtk_widget_get_parent(label));
  int left = 0;
  int top = 0;
  gtk_container_child_get(GTK_CONTAINER(grid), label, "left-attach", &left, "top-attach", &top,
                          nullptr);
  GtkWidget* entry = gtk_grid_get_child_at(grid, left + 1, top);
  if (!GTK_IS_ENTRY(entry)) return std::nullopt;
  std::string text = text_of(gtk_entry_get_text(GTK_ENTRY(entry)));
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return std::string();
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// `servers`: the grid of the servers, beside which the list of protocols stands.
std::optional<int> protocol_in(GtkWidget* servers) {
  GtkWidget* combo = first(gtk_widget_get_parent(servers),
                           [](GtkWidget* widget) { return GTK_IS_COMBO_BOX(widget); });
  GtkTreeIter row;
  if (!combo || !gtk_combo_box_get_active_iter(GTK_COMBO_BOX(combo), &row)) return std::nullopt;
  GtkTreeModel* model = gtk_combo_box_get_model(GTK_COMBO_BOX(combo));
  if (gtk_tree_model_get_n_columns(model) <= kComboData ||
      gtk_tree_model_get_column_type(model, kComboData) != G_TYPE_INT)
    return std::nullopt;
  int protocol = 0;
  gtk_tree_model_get(model, &row, kComboData, &protocol, -1);
  return protocol;
}

/// Of the frame of that name which has such buttons: another page has a frame of the same name.
std::optional<SSLType> tls_in(GtkWidget* window, const char* frame_words) {
  const std::string wanted = in_the_hosts_language(frame_words);
  GtkWidget* button = nullptr;
  first(window, [&](GtkWidget* widget) {
    if (!GTK_IS_FRAME(widget)) return false;
    if (text_of(gtk_frame_get_label(GTK_FRAME(widget))) != wanted) return false;
    button = first(widget, [](GtkWidget* one) {
      return GTK_IS_RADIO_BUTTON(one) && gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(one));
    });
    return button != nullptr;
  });
  if (!button) return std::nullopt;
  return static_cast<SSLType>(GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), kRadioData)));
}

std::optional<int> port_in(GtkWidget* window, const char* words) {
  const std::string wanted = in_the_hosts_language(words);
  GtkWidget* box = first(window, [&](GtkWidget* widget) {
    return GTK_IS_CHECK_BUTTON(widget) &&
           text_of(gtk_button_get_label(GTK_BUTTON(widget))) == wanted;
  });
  if (!box || !gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(box))) return std::nullopt;
  GtkWidget* number = first(gtk_widget_get_parent(box),
                            [](GtkWidget* widget) { return GTK_IS_SPIN_BUTTON(widget); });
  if (!number) return std::nullopt;
  return gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(number));
}

void put_link(Service& service, const TypedLink& link, Protocol protocol) {
  if (link.tls) service.connection.encrypted = *link.tls != SSL_NONE;
  if (link.port) {
    service.port = *link.port;
  } else if (link.tls) {
    service.port = server_fields(protocol).usual_port(*link.tls);
  }
}

void put(Service& service, const std::optional<std::string>& user,
         const std::optional<std::string>& server) {
  if (user) service.user = *user;
  if (server) service.server = *server;
}

/// Of any service: what does not depend on its protocol.
Service like(const AccountView& view) {
  Service service;
  for (const auto* other : {&view.imap, &view.pop, &view.smtp}) {
    if (*other) service.connection = (*other)->connection;
  }
  return service;
}

}  // namespace

TypedFields typed_fields(GtkWindow* window) {
  auto* root = GTK_WIDGET(window);
  TypedFields typed;
  typed.address = entry_beside(root, "Mail address");
  typed.imap = {tls_in(root, "IMAP"), port_in(root, "IMAP port")};
  typed.pop = {tls_in(root, "POP"), port_in(root, "POP port")};
  typed.smtp = {tls_in(root, "Send (SMTP)"), port_in(root, "SMTP port")};
  GtkWidget* server = label_with(root, "Server for receiving");
  if (!server) return typed;
  GtkWidget* servers = gtk_widget_get_parent(server);
  typed.receive_server = entry_beside(servers, "Server for receiving");
  typed.send_server = entry_beside(servers, "SMTP server (send)");
  typed.user = entry_beside(servers, "User ID");
  typed.protocol = protocol_in(servers);
  return typed;
}

AccountSigns with_typed(AccountSigns signs, const TypedFields& typed) {
  if (typed.address) signs.address = *typed.address;
  if (typed.receive_server) signs.receive_server = *typed.receive_server;
  if (typed.send_server) signs.send_server = *typed.send_server;
  return signs;
}

AccountView with_typed(AccountView view, const TypedFields& typed) {
  if (typed.address) view.address = *typed.address;
  const Service fresh = like(view);
  if (typed.protocol) {
    if (*typed.protocol != A_IMAP4) view.imap.reset();
    if (*typed.protocol != A_POP3) view.pop.reset();
    if (*typed.protocol == A_IMAP4 && !view.imap) view.imap = fresh;
    if (*typed.protocol == A_POP3 && !view.pop) view.pop = fresh;
  }
  for (auto* service : {&view.imap, &view.pop}) {
    if (*service) put(**service, typed.user, typed.receive_server);
  }
  if (view.imap) put_link(*view.imap, typed.imap, Protocol::kImap);
  if (view.pop) put_link(*view.pop, typed.pop, Protocol::kPop);
  if (!view.smtp && typed.send_server && !typed.send_server->empty()) view.smtp = fresh;
  if (view.smtp) {
    put(*view.smtp, std::nullopt, typed.send_server);
    put_link(*view.smtp, typed.smtp, Protocol::kSmtp);
  }
  return view;
}

}  // namespace mail_oauth::claws
