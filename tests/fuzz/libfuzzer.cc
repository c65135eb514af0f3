// SPDX-License-Identifier: GPL-3.0-or-later
//
// The targets for libFuzzer (clang): FUZZ_TARGET names the one that this process runs. `./run fuzz`
// sets it.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "fuzz/targets.h"

namespace {

const mail_oauth::fuzz::Target* chosen() {
  const char* wanted = std::getenv("FUZZ_TARGET");
  for (const auto& target : mail_oauth::fuzz::targets()) {
    if (wanted && std::strcmp(wanted, target.name) == 0) return &target;
  }
  std::fputs("FUZZ_TARGET has to be one of:\n", stderr);
  for (const auto& target : mail_oauth::fuzz::targets()) std::fprintf(stderr, "%s\n", target.name);
  std::exit(2);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(
    const std::uint8_t* bytes, std::size_t size) {
  static const auto* target = chosen();
  target->run({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
