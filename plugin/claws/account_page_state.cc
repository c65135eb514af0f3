// SPDX-License-Identifier: GPL-3.0-or-later
//
// The account page's line of state: who is signed in, and what is missing.
#include "base/guarded.h"
#include "claws/account_page.h"
#include "claws/account_page_open.h"
#include "claws/notices.h"
#include "claws/page_words.h"

namespace mail_oauth::claws {
namespace {

/// So long the keyring is not asked who is signed in: not at each letter of a name.
constexpr guint kTypingRests = 250;  // ms

}  // namespace

void AccountPage::show_state() {
  const FormValues values = open_->form->values();
  open_->form->set_missing({}, {});
  open_->form->set_complaint({});
  open_->form->set_signed_in(false);
  open_->form->offer_take_over(false);
  if (!values.enabled) {
    open_->state = Call();
    return open_->form->set_state({}, true);
  }
  const auto intent = wanted();
  if (!intent) {
    open_->form->set_complaint(intent.error().what, intent.error().code);
    return open_->form->set_state({}, true);
  }
  const auto key = engine_.grant(*intent, open_->catalog);
  if (!key) return show_missing(*intent, key.error());
  open_->state = Call();
  if (open_->resting) g_source_remove(open_->resting);
  open_->resting = g_timeout_add(kTypingRests, on_rest, this);
}

gboolean AccountPage::on_rest(gpointer data) {
  guarded("account page", [&] {
    auto* self = static_cast<AccountPage*>(data);
    self->open_->resting = 0;
    self->show_standing();
  });
  return G_SOURCE_REMOVE;
}

/// Asks the keyring.
void AccountPage::show_standing() {
  const FormValues values = open_->form->values();
  const auto intent = wanted();
  if (!intent || !intent->enabled || desk_.busy()) return;
  const auto key = engine_.grant(*intent, open_->catalog);
  if (!key) return;
  std::string first = about_old_names(values);
  if (!first.empty()) first += "\n";
  using Standing = Result<std::optional<Engine::Standing>>;
  open_->state = engine_.standing(*key, [this, key = *key, store = intent->store,
                                         first](const Standing& standing) {
    if (!standing) return open_->form->set_state(in_words(standing.error()), false);
    const bool ours = standing->has_value();
    open_->form->set_signed_in(ours);
    open_->form->offer_take_over(!ours && fits_built_in(open_->built_in, open_->form->values()));
    const std::string words = open_->form->wants_take_over()
                                  ? take_over_words(key)
                                  : standing_words(key, store, *standing);
    open_->form->set_state(first + words, !ours || !(*standing)->ended);
  });
}

void AccountPage::show_missing(const AccountIntent& intent, const Error& error) {
  const auto provider = open_->catalog.find(intent.provider);
  if (!provider) return open_->form->set_state(in_words(error), false);
  open_->form->set_missing(in_words(error) + "\n" + _("Or enter it below, under \"Advanced\"."),
                           provider->registration_page);
  open_->form->set_state({}, true);
}

}  // namespace mail_oauth::claws
