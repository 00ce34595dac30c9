"""What a device's command line would garble is refused before anybody logs in."""

from __future__ import annotations

import pytest

from gatekit.devices.change.secret_rule import SecretRule, require_fit
from gatekit.devices.platforms import platform_named, platform_names
from gatekit.errors import IntentError
from tests.unit.gatekit.devices.safety import bench, rows

GOOD = "aA1-Zq9_.x:7w,tY+0=m"
WRONG = {
    "a blank": "Aa1-bad word-9",
    "a quote": 'Aa1-bad"word-9',
    "an apostrophe": "Aa1-bad'word-9",
    "a backslash": "Aa1-bad\\word-9",
    "a line end": "Aa1-bad\nword-9",
    "a bell": "Aa1-bad\aword-9",
    "a letter of another script": "Aa1-bädword-9",
    "help": "Aa1-bad?word-9",
    "too short": "Aa1-bad",
    "too long": "Aa1-" + "x" * 200,
}


@pytest.mark.parametrize("platform", platform_names())
@pytest.mark.parametrize("name", WRONG)
def test_a_secret_that_a_platform_would_garble_is_refused_without_showing_it(platform: str, name: str) -> None:
    with pytest.raises(IntentError) as refused:
        require_fit({"a_good": GOOD, "vpn_psk": WRONG[name]}, platform_named(platform).secret_rule)
    assert refused.value.facts[:2] == ("GW108", "vault.vpn_psk")
    assert WRONG[name] not in str(refused.value)
    assert "bad" not in str(refused.value)


@pytest.mark.parametrize("platform", platform_names())
def test_what_our_own_vaults_hold_is_taken_everywhere(platform: str) -> None:
    require_fit({"vpn_psk": GOOD}, platform_named(platform).secret_rule)


def test_what_is_refused_and_what_to_do_instead_is_said() -> None:
    assert SecretRule(longest=20, refused="?%").complaint("Aa1-bad%word-9") == (
        "a character that the device reads as something else",
        "Choose letters, digits and signs, but no blank and none of \" ' \\ ? % .",
    )
    assert SecretRule(longest=20).complaint("short") == ("5 characters", "Choose one of 8 to 20 characters.")


def test_a_key_that_looks_encrypted_already_would_be_taken_for_it() -> None:
    rule = platform_named("junos").secret_rule
    assert rule.complaint("$9$abcdefghij") == (
        "begins as an encrypted value does",
        "Let it begin with none of $9$ $8$.",
    )


@pytest.mark.peer
@pytest.mark.parametrize("name", [name for name, row in rows().items() if row.secrets])
def test_it_is_refused_before_any_login(tmp_path, name: str) -> None:
    with bench(name, tmp_path) as it:
        wrong = dict.fromkeys(it.row.secrets, "Aa1-bad word-9")
        with pytest.raises(IntentError) as refused:
            it.change(secrets=wrong)
        assert refused.value.code == "GW108"
        assert it.said == []
