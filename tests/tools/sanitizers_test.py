#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sanitizers as ./run test sets them: they find a leak, and do not die of themselves."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A dlopened library with a small TLS block, as libcpprest has.
LIBRARY = """
__thread void* kept[2];
void keep(void* bytes) { kept[0] = bytes; }
"""
# The allocator hands out neighbours: behind the last chunk of a page, the linker gets the first of the next.
PROGRAM = """
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
void* chunks[1000];
int main(int count, char** words) {
  void* library = dlopen(words[1], RTLD_NOW);
  void (*keep)(void*) = (void (*)(void*))dlsym(library, "keep");
  void* bytes = count > 2 ? malloc(77) : 0;
  int i = 0;
  do chunks[i] = malloc(16); while ((uintptr_t)chunks[i++] % 4096 != 4096 - 16 && i < 1000);
  keep(bytes);
  if (count > 2 && words[2][0] == 'l') keep(0);
  bytes = 0;
  return i == 1000;
}
"""


class AddressSanitizer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.shared_object, cls.program = Path(folder.name, "library.so"), Path(folder.name, "program")
        for text, path, options in ((LIBRARY, cls.shared_object, ["-shared", "-fPIC"]), (PROGRAM, cls.program, ["-ldl"])):
            source = path.with_suffix(".c")
            source.write_text(text, encoding="utf-8")
            subprocess.run(["gcc", "-g", "-fsanitize=address", source, "-o", path, *options], check=True)

    def run_program(self, *words):
        script = f'root={ROOT} name=asan; source "$root/tests/tools/sanitizers.sh"; "$@"'
        return subprocess.run(["bash", "-c", script, "-", self.program, self.shared_object, *words], capture_output=True,
                              text=True, check=False, env={**os.environ, "LD_PRELOAD": ""})

    def test_the_tracer_survives_a_small_tls_block_at_the_start_of_a_page(self):
        done = self.run_program()
        self.assertEqual((0, ""), (done.returncode, done.stderr))

    def test_what_a_library_keeps_in_its_tls_is_no_leak(self):
        done = self.run_program("kept")
        self.assertEqual((0, ""), (done.returncode, done.stderr))

    def test_a_leak_is_found(self):
        done = self.run_program("lost")
        self.assertIn("77 byte(s) leaked", done.stderr)
        self.assertNotEqual(0, done.returncode)


if __name__ == "__main__":
    sys.exit(unittest.main())
