#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of ./run as a person meets them: usage, set-up, the last line of a test run."""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import summary

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments):
    return subprocess.run([ROOT / "run", *arguments], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=60)


def setup(script, **environment):
    """Sources setup.sh for a made-up tree, then runs a few lines of bash; (status, stdout, stderr)."""
    with tempfile.TemporaryDirectory() as tree:
        Path(tree, "tests/tools").mkdir(parents=True)
        Path(tree, "tests/tools/packages.txt").write_text(
            "build mo-absent-a - an absent library\n"
            "build bash - a shell\n"
            "test mo-absent-b@13 - only on 13\n"
            "test mo-node mo-no-such-command a command\n"
            "test mo-shell bash the package has another name\n", encoding="utf-8")
        done = subprocess.run(
            ["bash", "-c", f"""
               root={tree} assume_yes= TMPDIR={tree}
               export TMPDIR
               say() {{ printf '%s\\n' "$*" >&2; }}
               source {ROOT}/tests/tools/setup.sh
               debian_release() {{ echo 12; }}
               {script}"""],
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=60,
            env={**os.environ, **environment})
        return done.returncode, done.stdout, done.stderr


class Usage(unittest.TestCase):
    def test_help_is_an_answer(self):
        done = run("help")
        self.assertEqual(done.returncode, 0)
        for command in ("demo", "build", "test", "bed", "races", "faults", "soak", "fuzz", "install", "uninstall"):
            self.assertIn(f"  {command}", done.stdout)

    def test_wrong_usage_is_2_with_the_usage_on_stderr(self):
        for arguments in ([], ["frobnicate"], ["test", "--frobnicate"], ["test", "--debian"],
                          ["test", "--yes", "--debian", "11"],
                          ["test", "--no-setup", "--sanitize=memory"], ["install", "--prefix"],
                          ["uninstall", "now"], ["uninstall", "--profile"], ["races", "--rounds", "many"],
                          ["fuzz", "no-such-target"], ["soak", "--seconds", "long"], ["build", "debug"]):
            with self.subTest(arguments=arguments):
                done = run(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertIn("usage: ./run", done.stderr)
                self.assertEqual(done.stdout, "")


class Uninstall(unittest.TestCase):
    """./run uninstall, with a ninja of ours."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = Path(folder.name)
        for name in ("tests/tools", "build/release/meson-logs", "bin", "plugin/claws"):
            (self.tree / name).mkdir(parents=True)
        for name in ("run", "tests/tools/setup.sh", "plugin/claws/give_back.py"):
            shutil.copy(ROOT / name, self.tree / name)
        self.installed = self.tree / "bin/mail-oauth"
        self.installed.touch()
        (self.tree / "build/release/meson-logs/install-log.txt").write_text(f"# comment\n{self.installed}\n", "utf-8")

    def uninstall(self, ninja, *arguments):
        (self.tree / "ninja").write_text(f"#!/bin/sh\n{ninja}\n", encoding="utf-8")
        (self.tree / "ninja").chmod(0o755)
        environment = {key: value for key, value in os.environ.items() if key != "SUDO_USER"}
        return subprocess.run([self.tree / "run", "uninstall", *arguments], capture_output=True, text=True, check=False,
                              env={**environment, "HOME": str(self.tree), "PATH": f"{self.tree}:{os.environ['PATH']}"})

    def test_what_is_gone_is_not_removed_twice(self):
        self.assertEqual(0, self.uninstall(f"rm {self.installed}").returncode)
        again = self.uninstall("exit 0")
        self.assertEqual(1, again.returncode)
        self.assertIn("Nothing was installed", again.stderr)

    def test_accounts_are_turned_off_first(self):
        for folder, arguments in ((self.tree / ".claws-mail", []), (self.tree / "other", ["--profile", self.tree / "other"])):
            with self.subTest(folder=folder.name):
                folder.mkdir()
                value = base64.b64encode(b'{"v":1,"enabled":true,"saved":{"userid":"alice"}}').decode()
                (folder / "accountrc").write_text(
                    f"[Account: 1]\naccount_name=Work\nuser_id=support\nprivacy_prefs=mail_oauth={value}\n", encoding="utf-8")
                done = self.uninstall(f"grep -qx user_id=alice {folder}/accountrc && rm -f {self.installed}", *arguments)
                self.assertIn("Work: logs in as before again.", done.stderr)
                self.assertEqual(0, done.returncode, done.stderr)
                (self.tree / "build/release/meson-logs/install-log.txt").write_text(f"{self.installed}\n", "utf-8")
                self.installed.touch()

    def test_what_cannot_be_turned_off_keeps_the_plugin(self):
        (self.tree / "broken/accountrc").mkdir(parents=True)
        done = self.uninstall(f"rm {self.installed}", "--profile", self.tree / "broken")
        self.assertEqual(1, done.returncode)
        self.assertIn("accountrc", done.stderr)
        self.assertTrue(self.installed.exists())

    def test_what_could_not_be_removed_is_named_and_can_be_tried_again(self):
        for _ in range(2):
            done = self.uninstall("exit 0")
            self.assertEqual(1, done.returncode)
            self.assertIn(str(self.installed), done.stderr)


class BareDebian(unittest.TestCase):
    def test_an_ordinary_user_gets_there_by_sudo_with_the_way_to_the_network(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("id", "echo 1000"), ("sudo", 'echo "$*"')):
                Path(folder, name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
                Path(folder, name).chmod(0o755)
            done = subprocess.run(
                [ROOT / "run", "test", "--no-setup", "--debian", "13", "--", "--user"], capture_output=True, text=True,
                check=False, timeout=60, env={"PATH": f"{folder}:{os.environ['PATH']}", "HOME": folder,
                                              "https_proxy": "http://proxy.example", "SECRET": "x"})
        self.assertEqual("env https_proxy=http://proxy.example tests/tools/bare-debian.sh 13 --root --commands test "
                         "--user\n", done.stdout)

    def test_without_root_it_fails_in_words(self):
        if os.getuid() != 0:
            done = subprocess.run([ROOT / "tests/tools/bare-debian.sh", "13"], capture_output=True, text=True, check=False)
        else:
            done = subprocess.run(["setpriv", "--reuid", "65534", "--clear-groups", "bash", "-s", "13"],
                                  input=(ROOT / "tests/tools/bare-debian.sh").read_text(encoding="utf-8"),
                                  capture_output=True, text=True, check=False, cwd="/")
        self.assertEqual(1, done.returncode)
        self.assertIn("FAILED: needs root", done.stderr)


class SetUp(unittest.TestCase):
    def test_missing_asks_dpkg_or_the_command_and_minds_the_release(self):
        self.assertEqual(setup("missing build test")[1].split(), ["mo-absent-a", "mo-node"])
        self.assertEqual(setup("debian_release() { echo 13; }; missing build test")[1].split(),
                         ["mo-absent-a", "mo-absent-b", "mo-node"])
        self.assertEqual(setup("missing build")[1].split(), ["mo-absent-a"])

    def test_with_nobody_to_ask_it_lists_and_stops(self):
        status, _, said = setup("apt_install() { echo installed >&2; }; ensure_packages build test")
        self.assertEqual(status, 1)
        self.assertIn("mo-absent-a mo-node", said)
        self.assertIn("--yes", said)
        self.assertNotIn("installed", said)

    def test_on_another_system_it_lists_in_words_and_stops(self):
        status, _, said = setup("debian_release() { :; }; assume_yes=yes; ensure_packages build")
        self.assertEqual(status, 1)
        self.assertIn("an absent library", said)
        self.assertIn("--no-setup", said)

    def test_what_is_still_missing_after_apt_is_named(self):
        status, _, said = setup("assume_yes=yes; apt_install() { :; }; ensure_packages build")
        self.assertEqual(status, 1)
        self.assertIn("Still missing after the installation: mo-absent-a", said)

    def test_a_second_call_looks_at_the_stamp_alone(self):
        status, out, _ = setup("""
            missing() { echo looked >&3; }
            ensure_packages build 3>&1 && ensure_packages build 3>&1""")
        self.assertEqual(status, 0)
        self.assertEqual(out.count("looked"), 1)

    # An apt-get that does as dpkg does: calls what a maintainer script calls, by the PATH it is given.
    FAKE_APT = """
        lists_are_old() { return 1; }
        id() { echo 0; }
        env() {
          local word
          for word in "$@"; do case "$word" in DPkg::Path=*) PATH=${word#*=} ;; esac; done
          invoke-rc.d dovecot start && echo "held back: $(command -v deb-systemd-invoke)"
          PATH=/usr/bin:/bin
          %s
        }
        apt_install dovecot-core 2>&1; echo "status $?"; ls "$TMPDIR"
        """

    def test_services_are_held_back_and_nothing_stays_behind(self):
        _, out, _ = setup(self.FAKE_APT % "true")
        lines = out.split("\n")
        self.assertIn("held back: /tmp", lines[0])
        self.assertEqual(lines[1:], ["status 0", "tests", ""])

    def test_a_failed_installation_leaves_nothing_either(self):
        self.assertIn("status 100\ntests\n", setup(self.FAKE_APT % "return 100")[1])

    def test_ctrl_c_leaves_nothing_either(self):
        with tempfile.TemporaryDirectory() as tmp:
            status, _, _ = setup(f"TMPDIR={tmp}\n" + self.FAKE_APT % "kill -INT $$; sleep 5")
            self.assertIn(status, (130, -2))
            self.assertEqual(os.listdir(tmp), [])


class Summary(unittest.TestCase):
    def last_line(self, tests, status):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as log:
            for result, output in tests:
                log.write(json.dumps({"name": "t", "result": result, "stdout": output}) + "\n")
            log.flush()
            done = subprocess.run([sys.executable, summary.__file__, log.name, str(status)],
                                  capture_output=True, text=True, check=False)
        return done.stdout.split("\n")[-2], done.returncode

    def test_a_program_that_says_nothing_is_one_case(self):
        self.assertEqual(self.last_line([("OK", ""), ("OK", "")], 0), ("2 passed, 0 failed", 0))
        self.assertEqual(self.last_line([("OK", ""), ("FAIL", ""), ("TIMEOUT", ""), ("ERROR", "")], 3),
                         ("1 passed, 3 failed", 3))

    def test_cases_are_counted_as_the_programs_tell_them(self):
        table = [
            # Catch2 2 and 3
            ("OK", "All tests passed (68 assertions in 7 test cases)\n", "7 passed, 0 failed", 0),
            ("FAIL", "test cases:  9 |  7 passed | 2 failed\nassertions: 40 | 38 passed | 2 failed\n",
             "7 passed, 2 failed", 1),
            ("OK", "test cases: 5 | 4 passed | 1 failed as expected\n", "5 passed, 0 failed", 0),
            ("OK", "test cases: 5 | 4 passed | 1 skipped\n", "4 passed, 0 failed", 1),
            # unittest
            ("OK", "....\nRan 4 tests in 0.1s\n\nOK\n", "4 passed, 0 failed", 0),
            ("OK", "Ran 4 tests in 0.1s\n\nOK (skipped=1)\n", "3 passed, 0 failed", 1),
            ("FAIL", "Ran 4 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1)\n", "1 passed, 2 failed", 1),
            # a sanitizer or a crash after the last case
            ("FAIL", "All tests passed (68 assertions in 7 test cases)\n", "7 passed, 1 failed", 1),
        ]
        for result, output, line, status in table:
            with self.subTest(output=output):
                self.assertEqual(self.last_line([(result, output)], int(result == "FAIL")), (line, status))

    def test_a_skipped_program_does_not_read_as_passed(self):
        self.assertEqual(self.last_line([("OK", ""), ("SKIP", "")], 0), ("1 passed, 0 failed", 1))

    def test_what_failed_is_told_above_the_last_line(self):
        unit = """FAIL: test_b (__main__.B)
----------------------------------------------------------------------
Traceback (most recent call last):
AssertionError: 1 != 2

======================================================================
ERROR: test_c (__main__.B)
----------------------------------------------------------------------
ValueError: no

----------------------------------------------------------------------
Ran 4 tests in 0.1s

FAILED (failures=1, errors=1)
"""
        line, heavy = "-" * 79, "." * 79
        catch = f"{line}\na case\n  a section\n{line}\na_test.cc:3\n{heavy}\n\na_test.cc:5: FAILED:\n  CHECK( false )\n\n{'=' * 79}\n"
        long = "\n".join(map(str, range(100)))
        for output, wanted in (
                (unit, ["FAIL: test_b (__main__.B)", "Traceback (most recent call last):", "AssertionError: 1 != 2",
                        "ERROR: test_c (__main__.B)", "ValueError: no"]),
                (catch + "test cases: 2 | 1 passed | 1 failed\n",
                 ["a case", "  a section", "a_test.cc:3", heavy, "a_test.cc:5: FAILED:", "  CHECK( false )"]),
                (long, ["0", "...", *map(str, range(86, 100))])):
            with self.subTest(output=output):
                self.assertEqual(wanted, list(summary.said({"stdout": output})))

    def test_no_test_is_no_success(self):
        self.assertEqual(self.last_line([], 0), ("0 passed, 0 failed", 1))


class ContinuousIntegration(unittest.TestCase):
    """.ci/run with a ./run that only says what it would come to."""

    def ci(self, first, second, fuzz="echo 0 passed, 0 failed"):
        with tempfile.TemporaryDirectory() as tree:
            Path(tree, ".ci").mkdir()
            shutil.copy(ROOT / ".ci/run", Path(tree, ".ci/run"))
            Path(tree, "run").write_text(f"""#!/bin/bash
                echo "$1" >>called
                case "$*" in
                  "build --yes") ;;
                  "test --yes")
                    for try in {{1..200}}; do [ -e built ] && break; sleep 0.05; done
                    echo 12 >>order
                    {first} ;;
                  "fuzz --seconds 5 --yes") {fuzz} ;;
                  "test --debian 13 --yes -- --user --commands build test --after "*)
                    touch built
                    flock "${{!#}}" echo 13 >>order
                    {second} ;;
                esac
                """, encoding="utf-8")
            Path(tree, "run").chmod(0o755)
            done = subprocess.run([Path(tree, ".ci/run")], capture_output=True, text=True, check=False, timeout=60)
            called = Path(tree, "called").read_text(encoding="utf-8").split()
            self.assertEqual(["build", "fuzz", "test", "test"], sorted(called), done.stderr)
            self.assertEqual("12\n13\n", Path(tree, "order").read_text(encoding="utf-8"))
            self.told = done.stdout.split("\n")[:-2]
            return done.stdout.split("\n")[-2], done.returncode

    def test_what_failed_is_repeated_at_the_end(self):
        self.ci("echo '! a-test: 1 failed'; echo 5 passed, 1 failed; exit 1", "echo '! b-test: 1 failed'; echo 5 passed, 1 failed; exit 1",
                "echo a word; echo 3 passed, 0 failed")
        self.assertEqual(["! 12: a-test: 1 failed", "! 13: b-test: 1 failed"], self.told[-2:])

    def test_both_systems_are_counted_and_what_fuzzing_found(self):
        for first, second, line, status in (
                ("echo 5 passed, 0 failed", "echo 6 passed, 0 failed", "11 passed, 0 failed", 0),
                ("echo 5 passed, 1 failed; exit 1", "echo 6 passed, 0 failed", "11 passed, 1 failed", 1),
                ("echo 5 passed, 0 failed", "echo 6 passed, 2 failed; exit 2", "11 passed, 2 failed", 1),
                # what could not even be built, and what failed behind its last line
                ("exit 1", "echo 6 passed, 0 failed", "6 passed, 1 failed", 1),
                ("echo 5 passed, 0 failed; exit 3", "exit 0", "5 passed, 2 failed", 1)):
            with self.subTest(first=first, second=second):
                self.assertEqual((line, status), self.ci(first, second))
        self.assertEqual(("14 passed, 1 failed", 1), self.ci("echo 5 passed, 0 failed", "echo 6 passed, 0 failed",
                                                             "echo 3 passed, 1 failed; exit 1"))


if __name__ == "__main__":
    sys.exit(unittest.main())
