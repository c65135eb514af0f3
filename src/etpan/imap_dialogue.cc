// SPDX-License-Identifier: GPL-3.0-or-later
//
// IMAP (RFC 3501, 4959). Tags and line reading are libetpan's, so that its count stays right;
// answers are read here, because mailimap_parse_response reads on after a "* BYE", whose words are
// then lost, and has no place for a "+".
#include <glib.h>
#include <libetpan/mailimap.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "etpan/dialogue.h"
#include "etpan/mechanism.h"
#include "etpan/refusal.h"

namespace mail_oauth::etpan {

namespace {

constexpr int kMostUntagged = 200;
constexpr int kMostLiterals = 20;               // in one answer
constexpr std::size_t kLongestLiteral = 65536;  // names of mailboxes, which are all that we ask for

bool starts(std::string_view text, std::string_view with) {
  return text.size() >= with.size() &&
         g_ascii_strncasecmp(text.data(), with.data(), with.size()) == 0;
}

struct mailimap_capability* capability(const std::string& word) {
  const bool mechanism = starts(word, "AUTH=");
  // g_strdup, because free() frees what it gives, and libetpan does that.
  char* name = g_strdup(word.c_str() + (mechanism ? 5 : 0));
  auto* made = mechanism ? mailimap_capability_new(MAILIMAP_CAPABILITY_AUTH_TYPE, name, nullptr)
                         : mailimap_capability_new(MAILIMAP_CAPABILITY_NAME, nullptr, name);
  if (!made) g_free(name);
  return made;
}

/// As the server wrote them.
std::vector<std::string> told_by(const mailimap_capability_data& data) {
  std::vector<std::string> words;
  for (clistiter* at = clist_begin(data.cap_list); at; at = clist_next(at)) {
    const auto* one = static_cast<const struct mailimap_capability*>(clist_content(at));
    const bool mechanism = one->cap_type == MAILIMAP_CAPABILITY_AUTH_TYPE;
    const char* name = mechanism ? one->cap_data.cap_auth_type : one->cap_data.cap_name;
    if (name) words.push_back(mechanism ? "AUTH=" + std::string(name) : std::string(name));
  }
  return words;
}

bool signs_in_by_token(const std::string& word) {
  const auto is = [&word](Mechanism mechanism) {
    const std::string whole = "AUTH=" + std::string(mechanism_name(mechanism));
    return g_ascii_strcasecmp(word.c_str(), whole.c_str()) == 0;
  };
  return is(Mechanism::kXoauth2) || is(Mechanism::kOauthbearer);
}

/// RFC 3501 section 7.1: what follows is text, which may look like anything.
bool is_text(std::string_view line) {
  const auto begins = [line](std::string_view word) { return starts(line, word); };
  return begins("* OK") || begins("* NO") || begins("* BAD") || begins("* BYE") ||
         begins("* PREAUTH");
}

/// RFC 3501 section 4.3: "{5}" at the end of a line announces five bytes, line ends among them.
std::optional<std::size_t> literal_after(std::string_view line) {
  if (line.empty() || line.back() != '}') return std::nullopt;
  line.remove_suffix(1);
  const auto brace = line.rfind('{');
  if (brace == std::string_view::npos) return std::nullopt;
  line.remove_prefix(brace + 1);
  std::size_t size = 0;
  const auto read = std::from_chars(line.data(), line.data() + line.size(), size);
  if (line.empty() || read.ec != std::errc() || read.ptr != line.data() + line.size()) {
    return std::nullopt;
  }
  return size;
}

class ImapDialogue : public Dialogue {
 public:
  ImapDialogue(mailimap* session, Stream& stream) : Dialogue(stream), session_(session) {}

  Protocol protocol() const override { return Protocol::kImap; }
  bool ready() const override { return session_->imap_state == MAILIMAP_STATE_NON_AUTHENTICATED; }

  Result<std::vector<std::string>> offered() override {
    if (!greeting_told()) {
      const auto reply = ask("CAPABILITY");
      if (!reply) return reply.error();
      if (reply->kind != Reply::Kind::kDone) return refused_to_say(*reply);
    }
    std::vector<std::string> mechanisms;
    for (const auto& word : capabilities_) {
      if (starts(word, "AUTH=")) mechanisms.push_back(word.substr(5));
    }
    return mechanisms;
  }

  std::vector<std::string> features() const override { return capabilities_; }

  bool one_line(std::size_t) const override {
    return std::any_of(capabilities_.begin(), capabilities_.end(), [](const std::string& word) {
      return g_ascii_strcasecmp(word.c_str(), "SASL-IR") == 0;
    });
  }
  std::size_t command_size() const override { return std::strlen("AUTHENTICATE "); }

  bool begin(std::string_view mechanism) override {
    return begin_tagged() && stream().add("AUTHENTICATE ") && stream().add(mechanism);
  }

  Result<Reply> hear() override {
    for (int line = 0; line < kMostUntagged; ++line) {
      const auto read = read_line();
      if (!read || read->empty()) return connection_lost();
      const std::string& text = *read;
      if (text[0] == '+')
        return Reply{Reply::Kind::kContinue, {}, text.substr(text.size() > 1 ? 2 : 1)};
      if (starts(text, "* BYE")) return finished(Reply::Kind::kBye, text.substr(5));
      if (starts(text, "* CAPABILITY ")) keep_capabilities(text.substr(13));
      if (!starts(text, "* ")) return tagged(text);
      if (is_text(text)) continue;
      if (const auto rest = skip_literals(text); !rest) return rest.error();
    }
    return unexpected_answer(Protocol::kImap);
  }

  void signed_in() override { session_->imap_state = MAILIMAP_STATE_AUTHENTICATED; }

  Result<Reply> probe() override { return ask("LIST \"\" INBOX"); }

 private:
  /// RFC 3501 section 7.1 lets the greeting say it, which spares a round trip. What was said before
  /// STARTTLS may be anybody's words (section 6.2.1), and STARTTLS is a command: before the first
  /// one, whoever greeted is whoever is asked for a login. Servers that tell a part only are asked.
  bool greeting_told() {
    const auto* known = session_->imap_connection_info;
    if (session_->imap_tag != 0 || !known || !known->imap_capability) return false;
    std::vector<std::string> told = told_by(*known->imap_capability);
    if (std::none_of(told.begin(), told.end(), signs_in_by_token)) return false;
    capabilities_ = std::move(told);
    return true;
  }

  /// Without its end. Nothing when the connection broke, or ended.
  std::optional<std::string> read_line() {
    if (!mailimap_read_line(session_)) return std::nullopt;
    std::string text(session_->imap_stream_buffer->str, session_->imap_stream_buffer->len);
    if (text.empty()) return std::nullopt;
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
  }

  /// The rest of an answer that begins with `line`: of what is in it, nobody wants anything.
  Result<void> skip_literals(std::string line) {
    for (int literals = 0; const auto size = literal_after(line); ++literals) {
      if (literals == kMostLiterals || *size > kLongestLiteral) {
        return unexpected_answer(Protocol::kImap);
      }
      auto rest = stream().skip(*size) ? read_line() : std::nullopt;
      if (!rest) return connection_lost();
      line = *std::move(rest);
    }
    return {};
  }

  Result<Reply> ask(std::string_view command) {
    if (!begin_tagged() || !stream().add(command) || !stream().add("\r\n") || !stream().send()) {
      return connection_lost();
    }
    return hear();
  }

  /// The tag is read off the buffer: some servers make libetpan write it in another form.
  bool begin_tagged() {
    if (!stream().send()) return false;
    if (mailimap_send_current_tag(session_) != MAILIMAP_NO_ERROR) return false;
    tag_.assign(stream().get()->write_buffer, stream().get()->write_buffer_len);
    return true;
  }

  Result<Reply> tagged(const std::string& line) {
    if (tag_.empty() || !starts(line, tag_)) return unexpected_answer(Protocol::kImap);
    const std::string rest = line.substr(tag_.size());
    if (starts(rest, "OK")) return finished(Reply::Kind::kDone, rest.substr(2));
    if (starts(rest, "NO")) return finished(Reply::Kind::kNo, rest.substr(2));
    if (starts(rest, "BAD")) return finished(Reply::Kind::kBad, rest.substr(3));
    return unexpected_answer(Protocol::kImap);
  }

  Reply finished(Reply::Kind kind, std::string text) {
    text.erase(0, text.find_first_not_of(' '));
    if (starts(text, "[CAPABILITY ")) keep_capabilities(text.substr(12, text.find(']') - 12));
    Reply reply;
    reply.kind = kind;
    reply.code = take_response_code(text);
    reply.text = text;
    // Where the host looks for the server's words.
    if (mmap_string_assign(session_->imap_response_buffer, text.c_str())) {
      session_->imap_response = session_->imap_response_buffer->str;
    }
    return reply;
  }

  /// For us, and for the host's mailimap_has_extension().
  void keep_capabilities(std::string_view line) {
    capabilities_ = words_of(line);
    if (!session_->imap_connection_info) return;
    clist* list = clist_new();
    if (!list) return;
    for (const auto& word : capabilities_) {
      if (auto* made = capability(word)) clist_append(list, made);
    }
    if (auto* before = session_->imap_connection_info->imap_capability) {
      mailimap_capability_data_free(before);
    }
    session_->imap_connection_info->imap_capability = mailimap_capability_data_new(list);
  }

  static Error refused_to_say(const Reply& reply) {
    return judge(Protocol::kImap, reply, std::nullopt, "").error;
  }

  mailimap* session_;
  std::string tag_;
  std::vector<std::string> capabilities_;
};

}  // namespace

std::unique_ptr<Dialogue> imap_dialogue(mailimap* session, Stream& stream) {
  return std::make_unique<ImapDialogue>(session, stream);
}

}  // namespace mail_oauth::etpan
