// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/attention.h"

#include <algorithm>
#include <iterator>

namespace mail_oauth::claws {
namespace {

Attention::Cause cause_of(Error::Kind kind) {
  switch (kind) {
    case Error::Kind::kReauthorize:
      return Attention::Cause::kSignIn;
    case Error::Kind::kTransient:
    case Error::Kind::kProtocol:  // Also what captive portals answer.
    case Error::Kind::kCancelled:
      return Attention::Cause::kPassing;
    case Error::Kind::kStorage:
      return Attention::Cause::kStorage;
    case Error::Kind::kConfig:
      return Attention::Cause::kSetting;
    case Error::Kind::kRefused:
      return Attention::Cause::kRefused;
    case Error::Kind::kInternal:
      return Attention::Cause::kOurs;
  }
  return Attention::Cause::kOurs;
}

/// The server was not even asked where a setting is wrong.
Attention::Cause server_cause_of(Error::Kind kind) {
  if (kind == Error::Kind::kConfig) return Attention::Cause::kSetting;
  return kind == Error::Kind::kTransient ? Attention::Cause::kPassing : Attention::Cause::kServer;
}

template <class Map, class Gone>
void drop_if(Map& map, const Gone& gone) {
  for (auto entry = map.begin(); entry != map.end();) {
    entry = gone(entry->first) ? map.erase(entry) : std::next(entry);
  }
}

template <class T>
bool among(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

bool Attention::no_token(const std::string& account, const GrantKey& grant, const Error& error,
                         WallTime now) {
  if (error.kind == Error::Kind::kCancelled) return false;
  const Cause cause = cause_of(error.kind);
  const auto found = grants_.find(grant);
  // A provider that is down meanwhile does not change that a sign-in is needed, nor mend it.
  if (found != grants_.end() && found->second.shown && cause == Cause::kPassing &&
      found->second.mark.cause != Cause::kPassing) {
    return false;
  }
  Trouble& trouble = grants_[grant];
  if (trouble.times == 0 || trouble.mark.cause != cause) {
    trouble = Trouble{};
    trouble.since = now;
    trouble.mark.cause = cause;
    trouble.mark.grant = grant;
    trouble.mark.account = account;
  }
  ++trouble.times;
  trouble.mark.error = error;
  if (trouble.shown) return false;
  trouble.shown = cause != Cause::kPassing || now - trouble.since >= kLasting;
  return trouble.shown;
}

void Attention::token_came(const GrantKey& grant) { grants_.erase(grant); }

bool Attention::login_refused(int account_id, const std::string& account, Protocol protocol,
                              const Error& error, bool doubtful, WallTime now) {
  return refused({account_id, protocol, false}, account, error, doubtful, now);
}

bool Attention::use_refused(int account_id, const std::string& account, Protocol protocol,
                            const Error& error) {
  return refused({account_id, protocol, true}, account, error, false, WallTime());
}

bool Attention::refused(Place place, const std::string& account, const Error& error, bool doubtful,
                        WallTime now) {
  const Cause cause = server_cause_of(error.kind);
  const auto found = servers_.find(place);
  // A server that fails meanwhile has not taken its no back.
  if (cause == Cause::kPassing && found != servers_.end() && found->second.shown &&
      found->second.mark.cause != Cause::kPassing) {
    return false;
  }
  Trouble& trouble = servers_[place];
  const bool passed = trouble.mark.cause == Cause::kPassing;
  if (trouble.times == 0 || passed != (cause == Cause::kPassing)) {
    trouble = Trouble{};
    trouble.since = now;
  }
  ++trouble.times;
  trouble.met_since_login = true;
  trouble.mark.cause = cause;
  trouble.mark.account_id = std::get<int>(place);
  trouble.mark.account = account;
  trouble.mark.sending = std::get<Protocol>(place) == Protocol::kSmtp;
  trouble.mark.error = error;
  if (trouble.shown) return false;
  trouble.shown =
      cause == Cause::kPassing ? now - trouble.since >= kLasting : !doubtful || trouble.times > 1;
  return trouble.shown;
}

void Attention::login_accepted(int account_id, Protocol protocol) {
  servers_.erase({account_id, protocol, false});
  const auto use = servers_.find({account_id, protocol, true});
  if (use == servers_.end()) return;
  if (use->second.met_since_login) {
    use->second.met_since_login = false;
  } else {
    servers_.erase(use);
  }
}

void Attention::use_accepted(int account_id, Protocol protocol) {
  servers_.erase({account_id, protocol, true});
}

void Attention::keep_only(const std::vector<GrantKey>& grants,
                          const std::vector<int>& account_ids) {
  drop_if(grants_, [&](const GrantKey& grant) { return !among(grants, grant); });
  drop_if(servers_, [&](const Place& place) { return !among(account_ids, std::get<int>(place)); });
}

std::vector<Attention::Mark> Attention::marks() const {
  std::vector<Mark> marks;
  for (const auto& entry : grants_) {
    if (entry.second.shown) marks.push_back(entry.second.mark);
  }
  for (const auto& entry : servers_) {
    if (entry.second.shown) marks.push_back(entry.second.mark);
  }
  return marks;
}

}  // namespace mail_oauth::claws
