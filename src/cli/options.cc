// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/options.h"

#include <algorithm>

#include "base/i18n.h"

namespace mail_oauth::cli {

namespace {

constexpr Option kAlways[] = {
    {"--json", nullptr, N_("print JSON on standard output, errors too")},
    {"--help", nullptr, N_("print this help")},
};

const Option* find(const Grammar& grammar, const std::string& name) {
  for (const Option& option : grammar.options) {
    if (name == option.name) return &option;
  }
  for (const Option& option : kAlways) {
    if (name == option.name) return &option;
  }
  return nullptr;
}

Error wrong_usage(const Grammar& grammar, const std::string& problem) {
  return make_error(
      Error::Kind::kConfig,
      format("{} {}", {problem, format(_("Help: mail-oauth {} --help"), {grammar.name})}));
}

void append_option(std::string& text, const Option& option) {
  std::string left = option.name;
  if (option.value) left += std::string(" ") + _(option.value);
  left.resize(std::max<std::size_t>(left.size() + 2, 24), ' ');
  text += "  " + left + _(option.help) + "\n";
}

}  // namespace

std::string Arguments::value(const std::string& option) const {
  const auto found = options.find(option);
  return found == options.end() ? std::string() : found->second;
}

Result<Arguments> parse_arguments(const Grammar& grammar, const std::vector<std::string>& words) {
  Arguments arguments;
  bool options_over = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (options_over || word.size() < 2 || word[0] != '-') {
      arguments.operands.push_back(word);
      continue;
    }
    if (word == "--") {
      options_over = true;
      continue;
    }
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const Option* option = find(grammar, name);
    if (!option) return wrong_usage(grammar, format(_("Unknown option {}."), {name}));
    if (arguments.has(name)) return wrong_usage(grammar, format(_("{} is given twice."), {name}));
    std::string value;
    if (equals != std::string::npos) value = word.substr(equals + 1);
    if (option->value && equals == std::string::npos && ++i < words.size()) value = words[i];
    if (option->value && value.empty()) {
      return wrong_usage(grammar, format(_("{} wants a value."), {name}));
    }
    if (!option->value && equals != std::string::npos) {
      return wrong_usage(grammar, format(_("{} takes no value."), {name}));
    }
    arguments.options[name] = value;
  }
  if (arguments.has("--help")) return arguments;
  if (arguments.operands.size() < grammar.least) {
    return wrong_usage(grammar, format(_("{} is missing."), {_(grammar.operands)}));
  }
  if (arguments.operands.size() > grammar.most) {
    return wrong_usage(
        grammar, format(_("\"{}\" is one word too many."), {arguments.operands[grammar.most]}));
  }
  return arguments;
}

std::string help_of(const Grammar& grammar) {
  std::string text = format(_("Usage: mail-oauth {} [OPTION...] {}"),
                            {grammar.name, grammar.operands ? _(grammar.operands) : ""});
  text += "\n\n" + std::string(_(grammar.summary)) + "\n\n" + _("Options:") + "\n";
  for (const Option& option : grammar.options) append_option(text, option);
  for (const Option& option : kAlways) append_option(text, option);
  return text;
}

}  // namespace mail_oauth::cli
