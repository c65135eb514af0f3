// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs every target without a fuzzer, so that every build of any compiler does: each seed as it
// is, then a number of variations of the seeds, always the same ones.
//
//   drive_seeds SEEDS-FOLDER VARIATIONS
//
// A finding ends it; the bytes that were being read are then on standard error, in hex.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "fuzz/targets.h"

namespace {

using namespace mail_oauth::fuzz;
using Bytes = std::string;

constexpr std::size_t kLongest = 4096;

Bytes current;
const char* current_target = "";

void tell(int signal_number) {
  static const char digits[] = "0123456789abcdef";
  const auto put = [](const char* text, std::size_t size) {
    if (write(STDERR_FILENO, text, size) < 0) _exit(1);
  };
  put(current_target, std::char_traits<char>::length(current_target));
  put(" was reading: ", 14);
  for (const char c : current) {
    const auto byte = static_cast<unsigned char>(c);
    const char pair[2] = {digits[byte >> 4], digits[byte & 15]};
    put(pair, 2);
  }
  put("\n", 1);
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

class Variations {
 public:
  explicit Variations(const std::vector<Bytes>& seeds) : seeds_(seeds) {}

  Bytes next() {
    Bytes made = any_seed();
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(made);
    made.resize(std::min(made.size(), kLongest));
    return made;
  }

 private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : engine_() % limit; }
  const Bytes& any_seed() { return seeds_[below(seeds_.size())]; }

  void change(Bytes& made) {
    static const std::vector<Bytes> kTelling = {"\"",
                                                "\\",
                                                "{",
                                                "}",
                                                "[",
                                                "]",
                                                ":",
                                                ",",
                                                "\r\n",
                                                Bytes(1, '\0'),
                                                "\1",
                                                "\x1b[2J",
                                                "%00",
                                                "&",
                                                "=",
                                                "-1",
                                                "99999999999999999999",
                                                "1e999",
                                                "null",
                                                "\xff",
                                                "\xc3",
                                                "\xe2\x80\xae",
                                                "\\u0000",
                                                "\\ud800",
                                                "AADSTS50076: ",
                                                "https://",
                                                "{tenantid}",
                                                "+ ",
                                                "250-AUTH ",
                                                "* "};
    const std::size_t at = below(made.size() + 1);
    switch (below(6)) {
      case 0:
        if (at < made.size()) made[at] = static_cast<char>(engine_());
        return;
      case 1:
        made.erase(at, 1 + below(8));
        return;
      case 2:
        made.insert(at, kTelling[below(kTelling.size())]);
        return;
      case 3:
        made.insert(at, made.substr(below(made.size() + 1), below(64)));
        return;
      case 4:
        made.resize(at);
        return;
      default:
        made = made.substr(0, at) + any_seed().substr(0, below(512));
    }
  }

  const std::vector<Bytes>& seeds_;
  std::mt19937_64 engine_{1};
};

std::vector<Bytes> read_seeds(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_directory(folder)) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry);
  }
  std::sort(files.begin(), files.end());
  std::vector<Bytes> seeds;
  for (const auto& name : files) {
    std::ifstream file(name, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return seeds;
}

void run(const Target& target, Bytes bytes) {
  current = std::move(bytes);
  target.run(current);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) signal(number, tell);
  const long count = std::atol(argv[2]);
  for (const Target& target : targets()) {
    current_target = target.name;
    const auto seeds = read_seeds(std::filesystem::path(argv[1]) / target.name);
    if (seeds.empty()) {
      std::cerr << target.name << " has no seeds\n";
      return 1;
    }
    run(target, "");
    for (const Bytes& seed : seeds) run(target, seed);
    Variations variations(seeds);
    for (long number = 0; number < count; ++number) run(target, variations.next());
    std::cout << target.name << ": " << seeds.size() << " seeds, " << count << " variations\n";
  }
  return 0;
}
