// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong with the accounts and needs somebody, and what people were told of it: once for
// each cause, not once for each attempt, until it is mended.
//
// A sign-in (a grant) can have one trouble at a time, however many accounts use it; beside it each
// account can be refused by its servers. What may pass by itself (no network, the provider down) is
// nobody's business until it lasts. Pure: knows no widgets and no host, and is told the time; any
// thread.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/error.h"
#include "oauth/grant.h"
#include "oauth/protocol.h"

namespace mail_oauth::claws {

class Attention {
 public:
  /// How long a failure that may pass is kept back. With the host's usual pause between two checks
  /// that is the second one in a row.
  static constexpr std::chrono::minutes kLasting{5};

  enum class Cause {
    kSignIn,   ///< Somebody has to sign in. The only one that a sign-in mends.
    kPassing,  ///< The provider, a mail server or the network; it has lasted.
    kStorage,  ///< The keyring is locked or away.
    kSetting,  ///< The account, the client or the manifest.
    kRefused,  ///< The provider said no, and a sign-in does not mend it.
    kServer,   ///< A mail server said no.
    kOurs,     ///< A bug.
  };

  /// What is to be shown until it is mended.
  struct Mark {
    Cause cause = Cause::kSignIn;
    GrantKey grant;       ///< Empty when it is about an account alone.
    int account_id = 0;   ///< Then.
    std::string account;  ///< A name of the account that met it first.
    bool sending = false;
    Error error;

    bool offers_sign_in() const { return cause == Cause::kSignIn; }
  };

  /// No token came. True when this is to be announced: it is shown from now on and nobody was told.
  [[nodiscard]] bool no_token(const std::string& account, const GrantKey& grant, const Error& error,
                              WallTime now);
  /// One came, or somebody signed in.
  void token_came(const GrantKey& grant);

  /// A server refused an account, or (kConfig) it cannot be asked; kTransient, it failed itself.
  /// `doubtful`: a new token may help, so that the first time in a row is not shown. True as above.
  [[nodiscard]] bool login_refused(int account_id, const std::string& account, Protocol protocol,
                                   const Error& error, bool doubtful, WallTime now);
  /// It took the login, but not what came then: the mailbox, the sender. True as above.
  [[nodiscard]] bool use_refused(int account_id, const std::string& account, Protocol protocol,
                                 const Error& error);
  /// A use that was refused before counts as mended when a whole session went well.
  void login_accepted(int account_id, Protocol protocol);
  void use_accepted(int account_id, Protocol protocol);

  /// Forgets the troubles of grants and accounts that are not in use any more.
  void keep_only(const std::vector<GrantKey>& grants, const std::vector<int>& account_ids);

  /// What is shown now, in a steady order.
  std::vector<Mark> marks() const;

 private:
  struct Trouble {
    Mark mark;
    WallTime since;
    int times = 0;
    bool shown = false;
    bool met_since_login = false;
  };
  using Place = std::tuple<int, Protocol, bool>;  ///< True: after the login.

  bool refused(Place place, const std::string& account, const Error& error, bool doubtful,
               WallTime now);

  std::map<GrantKey, Trouble> grants_;
  std::map<Place, Trouble> servers_;
};

}  // namespace mail_oauth::claws
