// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of a sign-in's window. Pure: knows neither GTK nor the host; any thread.
#pragma once

#include <chrono>
#include <string>

#include "base/error.h"

namespace mail_oauth::claws {

/// "The code is good for 14 more minutes." Whole minutes, and seconds in the last one.
std::string time_left_words(std::chrono::seconds left);

/// What happened and what to do, without codes: a sentence or paragraph a line.
std::string plain_words(const Error& error);

/// What support asks for, a line each: the error's kind and code, finer codes, correlation id.
std::string details_of(const Error& error);

/// A name within a button's label: GTK takes an underscore for the mark of the next letter's key.
std::string without_keys(const std::string& name);

/// "A B C D - E F", so that a screen reader does not make a word of it.
std::string spelled(const std::string& code);

}  // namespace mail_oauth::claws
