"""What the router's way of showing its configuration hides, and how it is undone."""

from __future__ import annotations

from gatekit.devices.yamaha_rtx.configuration import armed, columns_of, comparable, our_lines, unfolded
from gatekit.devices.yamaha_rtx.connection import decoded, prompt_text
from gatekit.devices.yamaha_rtx.refusals import REFUSALS

LONG = "ip lan2 secure filter in " + " ".join(str(number) for number in range(100_000, 100_020))


def test_lines_folded_at_the_consoles_width_are_whole_again():
    folded = "\n".join((LONG[:80], LONG[80:160], LONG[160:], "ip lan1 address 10.0.0.1/30"))
    assert unfolded(folded, 80).splitlines() == [LONG, "ip lan1 address 10.0.0.1/30"]


def test_a_line_exactly_as_long_as_the_console_is_wide_ends_where_a_command_begins():
    full = "ip lan1 secure filter in 333220 695618 239287 632883 469512 282925 266482 868776"
    assert len(full) == 80
    for following in ("ip lan2 address dhcp", " tunnel enable 1", "# comment", "tunnel select 1"):
        assert unfolded(f"{full}\n{following}\n", 80).splitlines() == [full, following]


def test_a_wide_console_folds_nothing():
    assert unfolded(LONG + "\nexit\n", 200) == LONG + "\nexit\n"
    assert (columns_of("console columns 200\n"), columns_of("ip lan1 address dhcp\n")) == (200, 80)


def test_what_changes_by_itself_is_not_compared():
    first = "# Reporting Date: Nov 23 05:00:00 2026\nschedule at 9 +600 * restart\nsyslog notice on\n"
    second = "# Reporting Date: Nov 23 05:00:09 2026\nschedule at 9 +591 * restart\nsyslog notice on\n"
    assert comparable(first) == comparable(second) == "syslog notice on\n"


def test_however_a_secret_is_shown_it_is_hidden_alike():
    shown = (
        "administrator password encrypted *\nlogin user gwops *\ntunnel select 1\n  ipsec ike pre-shared-key 1 text *\n"
    )
    clear = (
        "administrator password Word-1\nlogin user gwops Word-2\n"
        "tunnel select 1\n  ipsec ike pre-shared-key 1 text Psk-3\n"
    )
    assert comparable(shown) == comparable(clear)
    assert "Word" not in comparable(clear)


def test_a_line_that_is_not_indented_ends_a_tunnel():
    text = "tunnel select 1\n tunnel enable 1\nipsec auto refresh on\n"
    assert [(line.context, line.text) for line in our_lines(text)] == [
        ("tunnel 1", "tunnel enable 1"),
        ("", "ipsec auto refresh on"),
    ]


def test_only_a_timer_that_restarts_is_an_undo_timer():
    assert armed("schedule at 9 +300 * restart\n") == "schedule at 9 +300 * restart"
    assert armed("schedule at 1 */* *:00 * ntpdate 10.200.9.10 syslog\n") is None


def test_answers_are_read_in_whatever_character_set_they_come():
    refusal = "エラー：パスワードが間違っています"
    for encoding in ("utf-8", "cp932", "euc_jp"):
        assert decoded(refusal.encode(encoding).decode("latin-1")) == refusal
        assert REFUSALS.found_in(decoded(refusal.encode(encoding).decode("latin-1"))) == refusal


def test_a_line_that_only_speaks_of_errors_is_no_refusal():
    assert REFUSALS.found_in("ip filter 1 pass * * icmp-error * *\n") is None
    assert REFUSALS.found_in("  ^\nError: Invalid command name\n") == "Error: Invalid command name"


def test_the_prompts_text_is_found_under_any_selection():
    shown = ("> ", "# ", "cpe-a# ", "banner\r\ncpe-a> ", "cpe-atunnel1# ")
    assert [prompt_text(one) for one in shown] == ["", "", "cpe-a", "cpe-a", "cpe-a"]
