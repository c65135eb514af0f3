#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plugin does wrong in the host is found, ends the host, and fails the test. (Runs with the sanitizers only.)"""
import os
import tempfile
import unittest

from claws_host import Claws, Profile, wait_for
from display import Display

PLUGIN = os.environ.get("MAIL_OAUTH_FAULTY_PLUGIN", "")
ACCOUNT = {"account_name": "Work", "protocol": 0, "is_default": 1, "address": "alice@contoso.test"}


class Faults(unittest.TestCase):
    def start(self, fault, **more):
        folder = tempfile.TemporaryDirectory(prefix="claws-")
        self.addCleanup(folder.cleanup)
        display = Display({})
        self.addCleanup(display.close)
        return Claws(Profile(folder.name, {1: ACCOUNT}, plugin=PLUGIN), display, {**os.environ, "FAULT": fault}, **more)

    def ended(self, fault):
        claws = self.start(fault, ready=False)
        wait_for(lambda: claws.process.poll() is not None, "Claws Mail ends by itself")
        return claws

    def assert_found(self, fault, *words):
        claws = self.ended(fault)
        self.assertNotEqual(claws.process.returncode, 0)
        with self.assertRaises(AssertionError) as found:
            claws.close()
        for word in (*words, "faulty.c"):
            self.assertIn(word, str(found.exception))

    def test_a_read_past_the_end_of_the_hosts_memory_is_found(self):
        self.assert_found("heap", "heap-buffer-overflow", "read_past_the_end")

    def test_it_is_found_on_a_thread_of_the_plugin(self):
        self.assert_found("thread", "heap-buffer-overflow", "created by")

    def test_freed_memory_given_to_the_c_library_is_found(self):
        self.assert_found("freed", "heap-use-after-free", "strlen")

    def test_undefined_behaviour_is_found(self):
        self.assert_found("overflow", "signed integer overflow")

    def test_nothing_is_found_where_nothing_is(self):
        claws = self.start("")
        claws.exit()
        self.assertEqual(claws.process.returncode, 0)
        claws.close()

    def test_what_the_host_starts_runs_as_it_is(self):
        self.assertEqual(self.ended("child").process.returncode, 7)


if __name__ == "__main__":
    unittest.main()
