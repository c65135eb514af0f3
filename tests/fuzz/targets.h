// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that reads foreign bytes, as functions that take any bytes.
//
// A target calls its readers and checks what their headers promise of every input; a crash, a
// report of a sanitizer or a broken promise is a finding. What found one stays in seeds/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace mail_oauth::fuzz {

struct Target {
  const char* name;
  void (*run)(std::string_view bytes);
};

const std::vector<Target>& targets();

/// Ends the process, as a finding, when a promise does not hold.
void promise(bool holds, const char* what);

/// Valid UTF-8 without control characters, as everything that a person sees has to be.
bool fit_to_show(std::string_view text);
/// All texts of an error. Lines may end in what it says.
void promise_fit(const Error& error);

/// Takes one byte off the front; 0 when there is none.
unsigned take_byte(std::string_view& bytes);
/// Takes what is before the next newline, and that, off the front.
std::string_view take_line(std::string_view& bytes);

void http_answer(std::string_view bytes);
void token_answer(std::string_view bytes);
void device_answer(std::string_view bytes);
void metadata(std::string_view bytes);
void id_token(std::string_view bytes);
void redirect(std::string_view bytes);
void retry_after(std::string_view bytes);
void sasl_challenge(std::string_view bytes);
void sasl_response(std::string_view bytes);
void manifest(std::string_view bytes);
void server_words(std::string_view bytes);
void old_name(std::string_view bytes);
void mail_server(std::string_view bytes);
void grant_item(std::string_view bytes);
void item_file(std::string_view bytes);
void intent(std::string_view bytes);

}  // namespace mail_oauth::fuzz
