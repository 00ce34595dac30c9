from __future__ import annotations

import stat

import pytest

from gatekit.devices.change.record import KEPT, DeviceRecord, Pending, confirmed
from gatekit.errors import DeviceError, IntentError
from tests.sites import example_plan, parts_of

SECRETS = {"vpn_psk": "a-secret-value", "firewall_password": "another-secret"}


@pytest.fixture
def record(tmp_path) -> DeviceRecord:
    return DeviceRecord(tmp_path / "devices", "firewall", "the-key")


def confirm(record: DeviceRecord, number: int = 0, secrets=SECRETS) -> None:
    part = example_plan("pattern4").firewall
    record.confirm(confirmed(part, f"state {number}\n", f"{number:064}", plan_sha256="p" * 64), secrets)


def test_of_an_unknown_device_every_secret_is_new(record):
    assert record.renewed(SECRETS) == frozenset(SECRETS)


def test_an_applied_secret_is_not_new_and_a_renewed_one_is(record):
    confirm(record)
    assert record.renewed(SECRETS) == frozenset()
    assert record.renewed({**SECRETS, "vpn_psk": "renewed"}) == {"vpn_psk"}


@pytest.mark.parametrize(("device", "key"), [("cpe", "the-key"), ("firewall", "another-key")])
def test_what_was_noted_of_one_device_under_one_key_says_nothing_of_another(record, device, key):
    confirm(record)
    other = DeviceRecord(record.path.parent, device, key)
    other.path.write_bytes(record.path.read_bytes()) if device != "firewall" else None
    assert other.renewed(SECRETS) == frozenset(SECRETS)


def test_the_file_holds_no_secret_and_only_its_owner_reads_it(record):
    confirm(record)
    text = record.path.read_text()
    assert not [value for value in (*SECRETS.values(), "the-key") if value in text]
    assert stat.S_IMODE(record.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(record.path.parent.stat().st_mode) == 0o700
    assert [path.name for path in record.path.parent.iterdir()] == ["firewall.json"]


def test_the_last_five_states_are_kept_newest_first(record):
    for number in range(KEPT + 3):
        confirm(record, number)
    assert [state.text for state in record.read().confirmed] == [f"state {number}\n" for number in (7, 6, 5, 4, 3)]


def test_the_same_state_again_only_renews_the_newest(record):
    confirm(record, 1)
    confirm(record, 2)
    confirm(record, 1)
    assert [state.text for state in record.read().confirmed] == ["state 1\n", "state 2\n"]


@pytest.mark.parametrize("pattern", ["pattern1", "pattern4"])
def test_a_rollback_gets_back_what_the_device_had_to_be(tmp_path, pattern):
    for name, part in parts_of(example_plan(pattern)).items():
        record = DeviceRecord(tmp_path, name, "the-key")
        record.confirm(confirmed(part, "", "0", plan_sha256="p"), {})
        assert record.read().confirmed[0].wanted() == part


def test_a_change_under_way_stands_there_until_its_end_was_seen(record):
    confirm(record)
    pending = Pending(began_at=1.0, undo_after_s=300, fingerprint_before="0" * 64)
    record.begin(pending)
    assert record.read().pending == pending
    assert record.renewed(SECRETS) == frozenset()
    record.withdraw()
    assert (record.read().pending, len(record.read().confirmed)) == (None, 1)


def test_a_file_of_somebody_else_is_refused_without_quoting_it(record):
    record.path.parent.mkdir()
    record.path.write_text('{"password": "clear"}')
    with pytest.raises(IntentError) as refused:
        record.read()
    assert (refused.value.code, refused.value.path) == ("GW101", str(record.path))
    assert "clear" not in str(refused.value)


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_sent(tmp_path):
    (tmp_path / "devices").write_text("a file where the folder should be")
    record = DeviceRecord(tmp_path / "devices", "firewall", "the-key")
    with pytest.raises((DeviceError, IntentError)) as refused:
        record.begin(Pending(began_at=1.0, undo_after_s=300, fingerprint_before=""))
    assert refused.value.code in {"GW101", "GW418"}


def test_without_a_key_there_is_no_record(tmp_path):
    with pytest.raises(IntentError) as refused:
        DeviceRecord(tmp_path, "firewall", "")
    assert refused.value.facts[:2] == ("GW107", "vault.fingerprint_key")
