"""Units against a systemctl that keeps their state in files, so that acting and looking agree."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from gatekit.portable import units
from gatekit.portable.errors import NodeError
from gatekit.portable.units import UnitSpec
from tests.unit.gatekit.portable.conftest import FakePrograms

FAKE = r"""
state="$(dirname "$0")/state"; verb=$1; shift
names() { for word in "$@"; do case $word in --*|LoadState*|*,*) ;; *) echo "$word";; esac; done; }
first=yes
for name in $(names "$@"); do
  file="$state/$name"; [ -f "$file" ] || { LOAD=not-found FILE= ACTIVE=inactive COND=no TRIED=0 RELOAD=no; }
  [ -f "$file" ] && . "$file"
  case $verb in
    show) [ $first = yes ] || echo; first=no
      printf 'LoadState=%s\nUnitFileState=%s\nActiveState=%s\nNeedDaemonReload=%s\nConditionResult=%s\n' \
        "$LOAD" "$FILE" "$ACTIVE" "$RELOAD" "$COND"
      printf 'ConditionTimestampMonotonic=%s\nStateChangeTimestampMonotonic=%s\nResult=success\n' "$TRIED" "${SINCE:-0}"
      continue;;
    enable) FILE=enabled;; disable) FILE=disabled;; mask) FILE=masked;;
    unmask) case $FILE in masked*) FILE=disabled;; esac;;
    stop) [ $LOAD = not-found ] && { echo "Failed to stop $name: Unit $name not loaded." >&2; exit 5; }
      ACTIVE=inactive;;
    start|restart|reload-or-restart) TRIED=9
      [ "$COND" = yes ] && [ "${BROKEN:-no}" = no ] && ACTIVE=active
      [ "${BROKEN:-no}" = yes ] && ACTIVE=failed;;
  esac
  printf 'LOAD=%s\nFILE=%s\nACTIVE=%s\nCOND=%s\nTRIED=%s\nRELOAD=%s\nSINCE=%s\nBROKEN=%s\n' \
    "$LOAD" "$FILE" "$ACTIVE" "$COND" "$TRIED" "$RELOAD" "${SINCE:-0}" "${BROKEN:-no}" > "$file"
done
"""


@pytest.fixture
def systemctl(programs: FakePrograms):
    (programs.folder / "state").mkdir()
    programs.add("systemctl", FAKE)
    return programs


def has(systemctl: FakePrograms, name: str, **state):
    known = {"LOAD": "loaded", "FILE": "disabled", "ACTIVE": "inactive", "COND": "yes", "TRIED": "0", "RELOAD": "no"}
    text = "".join(f"{key}={value}\n" for key, value in (known | state).items())
    (systemctl.folder / "state" / name).write_text(text)


def go(*specs, predict=False, changed_paths=()):
    change = units.plan(specs, units.observe(specs), predict=predict, changed_paths=changed_paths)
    if change.changed and not predict:
        units.apply(change)
    return change


def test_one_call_observes_all_units(systemctl: FakePrograms) -> None:
    for name in ("a.service", "b.service", "c.service"):
        has(systemctl, name)
    units.observe([UnitSpec("a.service"), UnitSpec("b.service"), UnitSpec("c.service")])
    assert len(systemctl.calls) == 1


def test_unit_is_enabled_and_started_and_a_second_run_does_nothing(systemctl: FakePrograms) -> None:
    has(systemctl, "a.service")
    spec = UnitSpec("a.service", "enabled", "running")
    assert go(spec).after == {"a.service": {"enablement": "enabled", "activity": "running"}}
    count = len(systemctl.calls)
    assert not go(spec).changed
    assert len(systemctl.calls) == count + 1


def test_check_mode_predicts_the_same_and_touches_nothing(systemctl: FakePrograms) -> None:
    has(systemctl, "a.service")
    predicted = go(UnitSpec("a.service", "enabled", "running"), predict=True)
    assert all(call.startswith("systemctl show") for call in systemctl.calls)
    assert predicted.diff() == go(UnitSpec("a.service", "enabled", "running")).diff()


def test_running_unit_is_stopped_before_it_is_masked(systemctl: FakePrograms) -> None:
    has(systemctl, "a.timer", FILE="enabled", ACTIVE="active")
    go(UnitSpec("a.timer", "masked", "stopped"))
    verbs = [call.split()[1] for call in systemctl.calls]
    assert verbs.index("stop") < verbs.index("mask")


@pytest.mark.parametrize("mask", ["masked", "masked-runtime"])
def test_mask_left_by_a_killed_installation_is_taken_off(systemctl: FakePrograms, mask: str) -> None:
    has(systemctl, "a.service", FILE=mask)
    go(UnitSpec("a.service", "enabled", "running"))
    assert not go(UnitSpec("a.service", "enabled", "running")).changed


def test_unit_that_does_not_start_is_an_error_with_systemds_words(systemctl: FakePrograms) -> None:
    has(systemctl, "a.service", BROKEN="yes")
    with pytest.raises(NodeError) as caught:
        go(UnitSpec("a.service", activity="running"))
    assert caught.value.facts == (
        "GW420",
        "units.a.service",
        "failed, result success",
        "Read its journal: journalctl -u a.service.",
    )


def test_conditional_unit_that_systemd_leaves_alone_is_tried_once_and_then_unchanged(systemctl: FakePrograms) -> None:
    has(systemctl, "a.service", COND="no")
    spec = UnitSpec("a.service", activity="running", conditional=True)
    change = units.plan([spec], units.observe([spec]), predict=False)
    assert units.apply(change) == ("a.service",)
    assert not go(spec).changed


def test_unit_whose_condition_does_not_hold_is_an_error_unless_conditional(systemctl: FakePrograms) -> None:
    has(systemctl, "a.service", COND="no", TRIED="5")
    with pytest.raises(NodeError) as caught:
        go(UnitSpec("a.service", activity="running"))
    assert caught.value.code == "GW420"


def test_unknown_unit_is_predicted_in_check_mode_and_refused_otherwise(systemctl: FakePrograms) -> None:
    spec = UnitSpec("new.service", "enabled", "running")
    assert go(spec, predict=True).names == ("new.service",)
    with pytest.raises(NodeError) as caught:
        go(spec)
    assert caught.value.facts[:3] == ("GW407", "units.new.service", "new.service")


def test_unknown_unit_that_has_to_be_stopped_and_disabled_is_no_change(systemctl: FakePrograms) -> None:
    assert not go(UnitSpec("gone.service", "disabled", "stopped")).changed


def test_unknown_unit_is_masked_without_being_stopped(systemctl: FakePrograms) -> None:
    go(UnitSpec("never-installed.socket", "masked", "stopped"))
    assert [call.split()[1] for call in systemctl.calls] == ["show", "mask", "show"]


def test_unit_given_twice_is_refused(systemctl: FakePrograms) -> None:
    has(systemctl, "a.service")
    with pytest.raises(NodeError) as caught:
        go(UnitSpec("a.service"), UnitSpec("a.service"))
    assert caught.value.facts == ("GW111", "units.name", "a.service", "Give each unit once.")


def test_file_newer_than_the_last_start_makes_the_unit_read_again(systemctl: FakePrograms, tmp_path: Path) -> None:
    since = int((time.monotonic() - 100) * 1_000_000)
    has(systemctl, "a.service", ACTIVE="active", SINCE=since)
    config = tmp_path / "a.conf"
    config.write_text("x")
    spec = UnitSpec("a.service", activity="running", reads=(str(config),), rereads="reloaded")
    os.utime(config, (time.time() - 200, time.time() - 200))
    assert not go(spec).changed
    os.utime(config, (time.time() - 50, time.time() - 50))
    assert go(spec).after == {"a.service": {"activity": "reloaded"}}
    assert systemctl.calls[-2] == "systemctl reload-or-restart -- a.service"


def test_file_from_the_future_does_not_restart_a_unit_at_every_run(systemctl: FakePrograms, tmp_path: Path) -> None:
    has(systemctl, "a.service", ACTIVE="active", SINCE=1)
    config = tmp_path / "a.conf"
    config.write_text("x")
    os.utime(config, (time.time() + 3600, time.time() + 3600))
    assert not go(UnitSpec("a.service", activity="running", reads=(str(config),))).changed


def test_check_mode_predicts_the_restart_that_a_file_of_this_run_asks_for(
    systemctl: FakePrograms, tmp_path: Path
) -> None:
    has(systemctl, "a.service", ACTIVE="active", SINCE=int(time.monotonic() * 1_000_000))
    spec = UnitSpec("a.service", activity="running", reads=("/etc/not-yet.conf",))
    assert go(spec, predict=True, changed_paths=["/etc/not-yet.conf"]).after == {"a.service": {"activity": "restarted"}}


def test_changed_unit_file_is_read_by_systemd_first(systemctl: FakePrograms) -> None:
    has(systemctl, "a.service", RELOAD="yes")
    go(UnitSpec("a.service", activity="running"))
    assert [call.split()[1] for call in systemctl.calls] == ["show", "daemon-reload", "start", "show"]
