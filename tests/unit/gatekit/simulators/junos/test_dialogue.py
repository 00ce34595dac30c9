"""The box's words and modes, typed at it without any client of ours in between."""

from __future__ import annotations

import re

import pytest

from gatekit.simulators import Simulator
from tests.unit.gatekit.simulators.client import read_until, shell
from tests.unit.gatekit.simulators.junos.boxes import as_planned, ex, firewall, srx

pytestmark = pytest.mark.peer


class Console:
    def __init__(self, channel, prompt: str) -> None:
        self.channel, self.prompt = channel, prompt
        read_until(channel, f"{prompt}> ")

    def say(self, line: str, end: str = "") -> str:
        """What comes after the echo, up to the next prompt or ``end``, which is part of it."""
        self.channel.sendall(f"{line}\n".encode())
        last = re.compile(rf"{re.escape(end)}$" if end else rf"{re.escape(self.prompt)}[>#] $")
        seen = ""
        while not last.search(seen):
            seen += read_until(self.channel, end or " ")
        return seen.replace("\r", "").split("\n", 1)[1]


@pytest.fixture
def console():
    with Simulator(srx(as_planned(firewall()))) as simulator, shell(simulator) as channel:
        yield Console(channel, "gwops@fw-kita")


def test_modes_show_themselves_in_the_prompt(console):
    assert console.say("configure") == "Entering configuration mode\n\n[edit]\ngwops@fw-kita# "
    assert console.say("run show system commit").startswith("0   2026-11-22 13:0")
    assert console.say("exit") == "Exiting configuration mode\n\ngwops@fw-kita> "


def test_an_unknown_command_and_a_wrong_word_get_a_caret_under_them(console):
    assert console.say("conf t") == "               ^\nunknown command.\n\ngwops@fw-kita> "
    console.say("configure")
    said = console.say("set security zoness x")
    assert said == f"{' ' * len('gwops@fw-kita# set security ')}^\nsyntax error.\n\n[edit]\ngwops@fw-kita# "


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("set security flow tcp-mss ipsec-vpn mss", "missing argument.\n"),
        ("set routing-options static route 10.0.0.0/8 next-hop 10.0.0", "syntax error.\n"),
        ("set system ntp server 10.0.0.300", "error: invalid ip address or hostname: '10.0.0.300' at '10.0.0.300'\n"),
        ("set interfaces ge-0/0/1 unit 0 family inet mtu 99", "error: Invalid numeric value: '99' at '99'\n"),
        ("delete routing-options static route 1.0.0.0/8", "warning: statement not found\n"),
        ("insert security policies global policy x before policy y", "error: statement 'policy x' not found\n"),
    ],
)
def test_a_line_that_is_not_taken_is_answered_as_the_box_does(console, line, answer):
    console.say("configure")
    said = re.sub(r"^ *\^\n", "", console.say(line))
    assert said == f"{answer}\n[edit]\ngwops@fw-kita# "


def test_a_dangling_reference_shows_only_at_the_check(console):
    console.say("configure")
    assert console.say("delete interfaces ge-0/0/2").startswith("\n[edit]")
    said = console.say("commit check")
    assert said.startswith(
        "[edit security zones security-zone TRUST]\n  'interfaces ge-0/0/2.0'\n"
        "    Interface ge-0/0/2.0 must be configured under interfaces\n"
    )
    assert "error: configuration check-out failed\n" in said


def test_a_policy_that_lost_its_leaves_stays_as_an_empty_object_and_fails_the_check(console):
    console.say("configure")
    base = "security policies from-zone TRUST to-zone DMZ policy proxy-settings"
    for leaf in (
        "match source-address net-172.20.0.0-16",
        "match destination-address host-10.161.4.20",
        "match application tcp-80",
        "then permit",
        "then log session-close",
    ):
        assert "warning" not in console.say(f"delete {base} {leaf}")
    assert "Missing mandatory statement: 'match source-address'" in console.say("commit check")


def test_leaving_with_changes_asks_and_keeps_them_in_the_shared_candidate(console):
    console.say("configure")
    console.say("set snmp location cellar")
    said = console.say("exit", end="(yes) ")
    assert said.endswith("Exit with uncommitted changes? [yes,no] (yes) ")
    assert console.say("no") == "\n[edit]\ngwops@fw-kita# "
    console.say("exit", end="(yes) ")
    assert console.say("").startswith("Exiting configuration mode")
    assert "The configuration has been changed but not committed\n" in console.say("configure")
    assert "[edit snmp]\n+   location cellar;\n" in console.say("show | compare")


def test_an_exclusive_candidate_is_thrown_away_at_the_end_of_the_session():
    with Simulator(srx(as_planned(firewall()))) as simulator:
        with shell(simulator) as channel:
            console = Console(channel, "gwops@fw-kita")
            assert console.say("configure exclusive").startswith("warning: uncommitted changes will be discarded")
            console.say("set snmp location cellar")
            with shell(simulator) as second:
                other = Console(second, "gwops@fw-kita")
                assert other.say("configure exclusive").startswith("error: configuration database locked by:\n  gwops")
                assert re.search(r"^      exclusive \[edit\]$", other.say("configure"), re.MULTILINE)
                assert other.say("set snmp location attic").startswith("error: configuration database locked by:")
                assert other.say("commit").startswith("error: configuration database locked by:")
        with shell(simulator) as channel:
            console = Console(channel, "gwops@fw-kita")
            assert "changed" not in console.say("configure exclusive")


def test_shared_edits_of_another_admin_refuse_the_lock():
    with Simulator(srx(as_planned(firewall()))) as simulator, shell(simulator) as channel, shell(simulator) as second:
        first, other = Console(channel, "gwops@fw-kita"), Console(second, "gwops@fw-kita")
        first.say("configure")
        first.say("set snmp location cellar")
        said = other.say("configure exclusive")
        assert said.startswith("Users currently editing the configuration:\n  gwops terminal pts/0 (pid ")
        assert "error: configuration database modified\n" in said


def test_commit_check_inside_the_window_confirms_the_commit(console):
    """The trap of vendor reference 1.3: a second play that only validates would end our safety net."""
    console.say("configure")
    console.say("set snmp location cellar")
    said = console.say("commit confirmed 10 comment kita-0007")
    assert said.startswith(
        "commit confirmed will be automatically rolled back in 10 minutes unless confirmed\ncommit complete\n"
    )
    assert "# commit confirmed will be rolled back in 10 minutes\n[edit]\n" in said
    pending = console.say("run show system commit").splitlines()
    assert pending[0].endswith(" JST by gwops via cli commit confirmed, rollback in 10mins")
    assert pending[1:3] == ["    kita-0007", "    rollback pending"]
    assert "configuration check succeeds" in console.say("commit check")
    assert "rollback pending" not in console.say("run show system commit")
    assert "# commit confirmed" not in console.say("")


def test_a_commit_that_is_not_confirmed_goes_back_by_itself_and_says_so():
    device = srx(as_planned(firewall()), speed=200)
    before = device.running_text()
    with Simulator(device) as simulator, shell(simulator) as channel:
        console = Console(channel, "gwops@fw-kita")
        console.say("configure")
        console.say("set snmp location cellar")
        console.say("commit confirmed 1")
        assert "location cellar" in simulator.run(device.running_text)
        assert "automatic rollback complete." in read_until(channel, "automatic rollback complete.\r\n")
        assert simulator.run(device.running_text) == before
        assert "by root via other" in console.say("run show system commit").splitlines()[0]


def test_a_password_is_asked_for_twice_and_never_shown(console):
    console.say("configure")
    assert console.say("set system root-authentication plain-text-password", end="New password:") == "New password:"
    assert console.say("Very-Secret-1", end="Retype new password:") == "Retype new password:"
    assert console.say("Very-Secret-2").startswith("error: passwords are not equal!")
    shown = console.say("show | display set | no-more")
    assert "Very-Secret" not in shown
    assert re.search(r'root-authentication encrypted-password "\$6\$', shown)


def test_the_pager_stops_after_a_screen_and_no_more_does_not(console):
    first = console.say("show configuration", end="---(more)---")
    assert first.count("\n") <= 24
    console.channel.sendall(b"q")
    read_until(console.channel, "gwops@fw-kita> ")
    assert "Screen length set to 0" in console.say("set cli screen-length 0")
    assert "---(more)---" not in console.say("show configuration")


def test_a_psk_is_shown_obscured_with_new_salt_at_every_set(console):
    console.say("configure")
    seen = set()
    for _ in range(2):
        console.say('set security ike policy DC pre-shared-key ascii-text "one-and-the-same"')
        shown = console.say("show | display set | no-more")
        assert "one-and-the-same" not in shown
        seen |= set(re.findall(r'ascii-text "(\$9\$[^"]+)"', shown))
    assert len(seen) == 2


def test_an_ex_names_its_member_before_every_prompt():
    with Simulator(ex()) as simulator, shell(simulator) as channel:
        console = Console(channel, "gwops@hosp-core")
        assert console.say("configure") == "Entering configuration mode\n\n{master:0}[edit]\ngwops@hosp-core# "
        assert console.say("exit") == "Exiting configuration mode\n\n{master:0}\ngwops@hosp-core> "
        said = console.say("show route 172.20.0.0/16")
        assert "172.20.0.0/16      *[Static/5] 02:11:40\n                    >  to 192.168.30.2 via irb.30\n" in said
