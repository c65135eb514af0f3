# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of Claws Mail with the plugin and without it: loading, memory, threads, wake-ups, and how soon mail comes.

Without it, the account signs in with a password over the same connection; how soon mail comes is compared with the host's own
OAuth that has a fresh token, too, for a server takes longer over a token than over a password.
"""
import os
import tempfile
import time

import setting  # it makes the next two known
import claws_accounts
from claws_host import Claws, Profile, wait_for
from display import Display
from measure import Case, in_turn, spread
from host_case import OAUTH
from setting import ALICE, ALICES_PASSWORD

LOGGED_IN = "Login to localhost successful"


class Hosts:
    """Claws Mails of one bed and display, each with a profile of its own."""

    def __init__(self, here, bed, display):
        self.here, self.bed, self.display = here, bed, display
        self.plugin = here.built("plugin/claws/mail_oauth.so")
        self.started = 0.0  # the last of them

    def run(self, use, *arguments, managed=False, token=None, plugins=(), ready=True, more=None):
        """Starts one, gives it to `use`, ends it; what `use` gave. With a `token` the account has it by the host's own OAuth."""
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            prefs = claws_accounts.intent(self.bed.env, ALICE) if managed else None
            fields = {"imap_auth_method": OAUTH["imap"], "oauth2_auth_provider": "3", "oauth2_client_id": "c"} if token else {}
            account = claws_accounts.account(self.bed.env, "Work", ALICE, prefs=prefs, is_default=1, **fields)
            stored = {"recv": ALICES_PASSWORD}
            if token:
                stored = {"recv": token, "oauth2_refresh": "r", "oauth2_access_expiry": str(int(time.time()) + 3600)}
            profile = Profile(folder, {1: account}, plugin="\n".join(plugins), passwords=None if managed else {1: stored})
            if managed:  # the fields follow at the first start
                self._end(self._claws(profile, (), True, None))
            claws = self._claws(profile, arguments, ready, more)
            try:
                return use(claws)
            finally:
                self._end(claws)

    def _claws(self, profile, arguments, ready, more):
        env = {**self.bed.env, "SSL_CERT_FILE": self.bed.env["BED_CA"], **(more or {})}
        self.started = time.monotonic()
        return Claws(profile, self.display, env, *arguments, ready=ready)

    def _end(self, claws):
        claws.wait_until_ready()
        claws.exit()
        claws.close()


def _resident(claws):
    with open(f"/proc/{claws.process.pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Private_")) / 1024


def _threads(claws):
    return set(os.listdir(f"/proc/{claws.process.pid}/task"))


def _wake_ups(claws):
    """How often each thread has waited for something until now."""
    found = {}
    for thread in _threads(claws):
        with open(f"/proc/{claws.process.pid}/task/{thread}/status", encoding="ascii") as file:
            found[thread] = next(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt"))
    return found


def _rest(claws, seconds):
    """Until no thread has come, gone or run for so long."""
    last = [None, 0.0]

    def still():
        now = _wake_ups(claws)
        if now != last[0]:
            last[:] = [now, time.monotonic()]
        return time.monotonic() - last[1] > seconds
    try:
        wait_for(still, "the host comes to rest", 20)
    except AssertionError:
        pass  # what goes on moving is what is counted


def _receive(claws):
    claws.remote("--receive")
    wait_for(lambda: LOGGED_IN in claws.log(), "the login")


def _marks(hosts, with_plugin):
    """(ms, MB) between two modules of which one is loaded before the plugin and one after it."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        marks = os.path.join(folder, "marks")
        open(marks, "w", encoding="ascii").close()
        names = [hosts.here.built(f"tests/bench/bench_{name}.so") for name in ("before", "after")]
        plugins = [names[0], hosts.plugin, names[1]] if with_plugin else names
        hosts.run(lambda claws: None, plugins=plugins, more={"BENCH_MARKS": marks})
        with open(marks, encoding="ascii") as file:
            before, after = [[int(word) for word in line.split()] for line in file]
    return (after[0] - before[2]) / 1000, (after[1] - before[1]) * os.sysconf("SC_PAGESIZE") / 2**20


def _loading(hosts):
    runs = in_turn(hosts.here.runs(10, 1), {"with": lambda: _marks(hosts, True), "without": lambda: _marks(hosts, False)},
                   warm_up=0 if hosts.here.quick else 1)
    cases = []
    for part, unit, what, least in ((0, "ms", "loading", 30), (1, "MB", "memory that loading takes", 5)):
        sides = {name: spread([run[part] for run in values]) for name, values in runs.items()}
        added = sides["with"]["median"] - sides["without"]["median"]
        cases.append(Case("claws", what, unit, sides, f"+{least} {unit}", added < least))
    return cases


def _idle(hosts):
    """Memory and threads before anything is asked for, and after a login; wake-ups then."""
    def look(claws):
        _rest(claws, calm)
        fresh, fresh_threads = _resident(claws), len(_threads(claws))
        _receive(claws)
        _rest(claws, calm)
        start, first = time.monotonic(), _wake_ups(claws)
        used, used_threads = _resident(claws), len(first)
        time.sleep(seconds)  # the measurement itself
        woken = {thread: count - first.get(thread, 0) for thread, count in _wake_ups(claws).items()}
        minutes = (time.monotonic() - start) / 60
        main = str(claws.process.pid)
        others = sum(count for thread, count in woken.items() if thread != main) / minutes
        return fresh, fresh_threads, used, used_threads, others, woken.get(main, 0) / minutes

    def managed():
        setting.sign_in(hosts.bed, expires_at=1)  # so that it renews, and everything is there
        return hosts.run(look, managed=True, plugins=[hosts.plugin])
    seconds, calm = hosts.here.runs(120, 1), 0.3 if hosts.here.quick else 2
    sides = {"managed": managed, "loaded": lambda: hosts.run(look, plugins=[hosts.plugin]),
             "without": lambda: hosts.run(look)}
    runs = in_turn(hosts.here.runs(2, 1), sides, warm_up=0)

    def case(part, what, unit, target="", judge=None, names=("managed", "loaded", "without")):
        spreads = {name: spread([run[part] for run in runs[name]]) for name in names}
        reached = judge(*(spreads[name]["median"] for name in names)) if judge else None
        return Case("claws", what, unit, spreads, target, reached)
    return [
        case(0, "private memory after the start", "MB", "+5 MB", lambda managed, loaded, none: max(managed, loaded) - none < 5),
        case(2, "private memory after a login (with the plugin: and a renewal)", "MB"),
        case(1, "threads after the start", "", "none more until an account is managed",
             lambda managed, loaded, none: loaded <= none),
        case(3, "threads after a login", "", "+4", lambda managed, loaded, none: managed - none <= 4 and loaded <= none),
        case(4, "wake-ups a minute, threads other than the main one", "", "+2",
             lambda managed, loaded, none: managed - none < 2 and loaded - none < 2),
        case(5, "wake-ups a minute, the main thread", "")]


def _first_mail(hosts):
    """From the start of `claws-mail --receive` until the host's log says that it is logged in."""
    def begin(claws):
        while LOGGED_IN not in claws.log():
            if time.monotonic() - hosts.started > 30:
                raise RuntimeError(f"no login:\n{claws.log()}")
            time.sleep(0.002)
        return 1000 * (time.monotonic() - hosts.started)

    def side(**how):
        return lambda: hosts.run(begin, "--receive", ready=False, **how)
    token = setting.sign_in(hosts.bed)["access_token"]
    runs = in_turn(hosts.here.runs(10, 1),
                   {"with": side(managed=True, plugins=[hosts.plugin]), "the host's own OAuth": side(token=token),
                    "a password": side()}, warm_up=0 if hosts.here.quick else 1)
    sides = {name: spread(values) for name, values in runs.items()}
    case = Case("claws", "start to authenticated", "ms", sides, "no later than the host's own OAuth")
    # Later only when it is more than the spread of the same thing done twice.
    case.reached = sides["with"]["median"] <= sides["the host's own OAuth"]["q3"]
    return [case]


def claws(here):
    with setting.bed() as bed:
        display = Display(bed.env)
        try:
            hosts = Hosts(here, bed, display)
            return [*_loading(hosts), *_first_mail(hosts), *_idle(hosts)]
        finally:
            display.close()
