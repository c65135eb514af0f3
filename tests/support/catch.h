// SPDX-License-Identifier: GPL-3.0-or-later
//
// Catch2 2 (Debian 12) and 3 (Debian 13) behind one include.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Generators::as;
using Catch::Generators::table;
#else
#include <catch2/catch.hpp>
#endif
