#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What uninstalling does to a profile, on its files alone; host_test.py shows the same with a real Claws Mail."""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "plugin/claws/give_back.py"
SAVED = {"userid": "alice", "smtp_userid": "out@x y", "use_pop_auth": False, "use_smtp_auth": True, "imap_auth_method": 1,
         "pop_auth_method": 2, "smtp_auth_method": 16, "oauth2_provider": 1}


def prefs(**value):
    text = json.dumps({"v": 1, "enabled": True, "identity": "alice@x", "from_later": [1], **value})
    return "mail_oauth=" + base64.b64encode(text.encode()).decode()


class GiveBack(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name, "claws")
        self.folder.mkdir()

    def write(self, prefs_of_1, passwords=""):
        self.accountrc = (
            "[Account: 1]\naccount_name=Work\nuser_id=support@x\nsmtp_user_id=alice@x\nreceive_server=imap.x\nsmtp_server=smtp.x\n"
            f"imap_auth_method=256\nsmtp_auth_method=32\nuse_smtp_auth=1\noauth2_auth_provider=2\nprivacy_prefs=gpg=MQ==,{prefs_of_1}\n\n"
            "[Account: 2]\naccount_name=Other\nuser_id=bob\nprivacy_prefs=\n\n")
        (self.folder / "accountrc").write_text(self.accountrc, encoding="utf-8")
        (self.folder / "passwordstorerc").write_text("[config_version:4]\n\n" + passwords, encoding="utf-8")

    def run_it(self, **environment):
        return subprocess.run([sys.executable, "-B", SCRIPT, self.folder], capture_output=True, text=True, check=False,
                              timeout=60, env={**os.environ, "SUDO_USER": "", **environment})

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def value(self, key):
        return next(line for line in self.read("accountrc").split("\n") if line.startswith(f"{key}="))[len(key) + 1:]

    def test_an_account_that_is_on_gets_its_fields_and_passwords_back(self):
        self.write(prefs(saved=SAVED),
                   "[account:2]\nrecv {AES}bob\n\n[plugin:mail_oauth]\n1:recv:alice:imap.x {AES}one\n"
                   "1:send:out%40x%20y:smtp.x {AES}two\n1:oauth2_refresh:alice:imap.x {AES}three\n"
                   "3:recv:alice:imap.x {AES}of another\n\n")
        done = self.run_it()

        self.assertEqual((0, "Work: logs in as before again.\n"), (done.returncode, done.stderr))
        for key, expected in (("user_id", "alice"), ("smtp_user_id", "out@x y"), ("imap_auth_method", "1"),
                              ("smtp_auth_method", "16"), ("use_smtp_auth", "1"), ("use_pop_auth", "0")):
            self.assertEqual(expected, self.value(key), key)
        pairs = dict(part.split("=", 1) for part in self.value("privacy_prefs").split(","))
        self.assertEqual({"v": 1, "enabled": False, "identity": "alice@x", "from_later": [1]},
                         json.loads(base64.b64decode(pairs["mail_oauth"])))
        self.assertEqual("MQ==", pairs["gpg"])
        self.assertEqual(
            "[config_version:4]\n\n[account:2]\nrecv {AES}bob\n\n[plugin:mail_oauth]\n3:recv:alice:imap.x {AES}of another\n\n"
            "[account:1]\nrecv {AES}one\nsend {AES}two\noauth2_refresh {AES}three\n\n", self.read("passwordstorerc"))
        for name in ("accountrc", "passwordstorerc"):
            self.assertEqual(0o600, (self.folder / name).stat().st_mode & 0o777)

    def test_the_hosts_own_oauth_provider_comes_back_under_the_key_that_the_host_reads(self):
        """Else its refresh token would be sent to another provider's token endpoint."""
        self.write(prefs(saved=SAVED))
        self.assertEqual(0, self.run_it().returncode)
        self.assertEqual("1", self.value("oauth2_auth_provider"))
        self.assertNotIn("oauth2_provider", self.read("accountrc"))

    def test_the_name_that_news_are_read_with_stays_as_the_person_has_it(self):
        self.write(prefs(saved=SAVED))
        accountrc = self.folder / "accountrc"
        accountrc.write_text(self.read("accountrc").replace("user_id=support@x\n", "user_id=reader\nprotocol=2\n"))
        self.assertEqual(0, self.run_it().returncode)
        self.assertEqual(("reader", "out@x y"), (self.value("user_id"), self.value("smtp_user_id")))

    def test_servers_that_the_plugin_replaced_come_back_and_passwords_of_before_with_them(self):
        ours = {"host": "old.x", "port": 143, "set_port": False, "tls": 2, "our_host": "imap.x", "our_port": 993}
        chosen = {**ours, "our_host": "another.x", "our_port": 465}  # the person has another one since
        saved = {**SAVED, "recv_server": "old.x", "smtp_server": "relay.x", "servers": {"imap": ours, "smtp": chosen}}
        self.write(prefs(saved=saved), "[plugin:mail_oauth]\n1:recv:alice:old.x {AES}one\n1:send:out%40x%20y:relay.x {AES}two\n\n")
        accountrc = self.folder / "accountrc"
        accountrc.write_text(self.read("accountrc").replace("smtp_server=", "imap_port=993\nset_imapport=1\nssl_imap=1\nsmtp_server=", 1))
        self.assertEqual(0, self.run_it().returncode)

        for key, expected in (("receive_server", "old.x"), ("imap_port", "143"), ("set_imapport", "0"), ("ssl_imap", "2"),
                              ("smtp_server", "smtp.x")):
            self.assertEqual(expected, self.value(key), key)
        self.assertNotIn("recv_server", self.read("accountrc"))
        self.assertIn("[account:1]\nrecv {AES}one\nsend {AES}two\n", self.read("passwordstorerc"))
        self.assertNotIn("plugin:mail_oauth", self.read("passwordstorerc"))

    def test_a_sign_in_that_was_taken_over_may_need_a_new_one_and_it_is_said(self):
        self.write(prefs(saved=SAVED, taken_over="alice@x"), "[plugin:mail_oauth]\n1:oauth2_refresh:alice:imap.x {AES}three\n\n")
        done = self.run_it()

        self.assertEqual(0, done.returncode)
        self.assertIn("Work: logs in as before again. Its sign-in was Claws Mail's own before", done.stderr)
        self.assertEqual("[config_version:4]\n\n[account:1]\noauth2_refresh {AES}three\n\n", self.read("passwordstorerc"))
        pairs = dict(part.split("=", 1) for part in self.value("privacy_prefs").split(","))
        self.assertNotIn("taken_over", json.loads(base64.b64decode(pairs["mail_oauth"])))

    def test_what_the_person_stored_meanwhile_is_kept(self):
        self.write(prefs(saved=SAVED),
                   "[account:1]\nrecv {AES}new\n\n[plugin:mail_oauth]\n1:recv:alice:imap.x {AES}old\n\n")
        self.assertEqual(0, self.run_it().returncode)
        self.assertIn("[account:1]\nrecv {AES}new\n", self.read("passwordstorerc"))
        self.assertNotIn("old", self.read("passwordstorerc"))

    def test_a_password_for_sending_that_may_have_been_typed_stays_with_its_name(self):
        """It was lent once, and nobody can tell here whether it still is that one."""
        self.write(prefs(saved={**SAVED, "smtp_userid": "", "lent": True}),
                   "[account:1]\nsend {AES}lent or typed\n\n[plugin:mail_oauth]\n1:recv:alice:imap.x {AES}one\n\n")
        self.assertEqual(0, self.run_it().returncode)
        self.assertEqual("[config_version:4]\n\n[account:1]\nsend {AES}lent or typed\nrecv {AES}one\n\n", self.read("passwordstorerc"))
        self.assertEqual("alice@x", self.value("smtp_user_id"))
        self.assertNotIn("lent", self.read("accountrc"))

    def test_what_was_not_lent_after_all_is_sent_with_the_name_for_receiving_again(self):
        self.write(prefs(saved={**SAVED, "smtp_userid": "", "lent": True}), "[plugin:mail_oauth]\n1:recv:alice:imap.x {AES}one\n\n")
        self.assertEqual(0, self.run_it().returncode)
        self.assertEqual("", self.value("smtp_user_id"))

    def test_the_list_of_what_was_received_over_pop3_goes_back_to_its_name(self):
        """Else the whole mailbox would come again."""
        self.write(prefs(saved={**SAVED, "userid": "CONTOSO\\alice", "pop_list": "imap.x-alice@x"}))
        (self.folder / "uidl").mkdir()
        (self.folder / "uidl/imap.x-alice@x").write_text("one\t1\t0\ntwo\t2\t0\n")
        before = self.folder / "uidl/imap.x-CONTOSO_alice"
        before.write_text("one\t1\t0\n")
        os.utime(before, (1, 1))

        self.assertEqual(0, self.run_it().returncode)

        self.assertEqual("one\t1\t0\ntwo\t2\t0\n", before.read_text())
        self.assertNotIn("pop_list", self.read("accountrc"))

    def test_accounts_that_are_off_or_unreadable_are_not_touched(self):
        for value in (prefs(enabled=False), prefs(), "mail_oauth=!", "mail_oauth=W10=", "mail_oauth="):
            with self.subTest(value=value):
                self.write(value, "[plugin:mail_oauth]\n1:recv:alice:imap.x {AES}one\n\n")
                before = self.read("passwordstorerc")
                done = self.run_it()
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                self.assertEqual((self.accountrc, before), (self.read("accountrc"), self.read("passwordstorerc")))

    def test_killed_in_between_the_next_run_finishes(self):
        """The passwords cannot be written: the fields are back, and what was saved is still there."""
        self.write(prefs(saved=SAVED), "[plugin:mail_oauth]\n1:recv:alice:imap.x {AES}one\n\n")
        (self.folder / "passwordstorerc.mail-oauth").mkdir()
        self.assertEqual(1, self.run_it().returncode)
        self.assertEqual("1", self.value("imap_auth_method"))

        (self.folder / "passwordstorerc.mail-oauth").rmdir()
        self.assertIn("Work", self.run_it().stderr)
        self.assertIn("[account:1]\nrecv {AES}one\n", self.read("passwordstorerc"))
        self.assertEqual("", self.run_it().stderr)

    def test_while_claws_mail_runs_nothing_is_touched(self):
        self.write(prefs(saved=SAVED), "[plugin:mail_oauth]\n1:recv:alice:imap.x {AES}one\n\n")
        program = self.folder.parent / "claws-mail"
        shutil.copy("/bin/bash", program)  # It has the name, and bears any words.
        for arguments, environment in ((["--alternate-config-dir", self.folder], {}), ([], {"HOME": str(self.folder.parent)})):
            with self.subTest(arguments=arguments):
                if not arguments:
                    self.folder = self.folder.rename(self.folder.parent / ".claws-mail")
                process = subprocess.Popen([program, "-c", "echo up; read -r x", "claws-mail", *arguments],
                                           env={**os.environ, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                try:
                    process.stdout.readline()
                    done = self.run_it()
                finally:
                    process.communicate(b"\n")
                self.assertEqual(1, done.returncode)
                self.assertIn("Close it and try again", done.stderr)
                self.assertIn("Work", done.stderr)
                self.assertEqual(self.accountrc, self.read("accountrc"))
        self.assertEqual(0, self.run_it().returncode)

    def test_a_folder_that_is_not_there_is_no_trouble(self):
        self.folder.rmdir()
        done = self.run_it()
        self.assertEqual((0, ""), (done.returncode, done.stderr))


if __name__ == "__main__":
    unittest.main()
