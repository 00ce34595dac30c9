from __future__ import annotations

import json

import pytest

from gatekit.devices.esxi.changes import Change, ChangeSet


def test_a_line_names_only_what_differs() -> None:
    change = Change("dns", {"dhcp": True, "servers": ["a"]}, {"dhcp": False, "servers": ["a"]}, None)
    assert change.line() == "dns: dhcp true -> false"


def test_a_creation_names_everything() -> None:
    assert Change("port group X", None, {"vlan": 7}, None).line() == "port group X: create vlan 7"


def test_several_steps_on_one_subject_show_the_first_before_and_the_last_after() -> None:
    steps = (Change("vm", None, {"power": "off"}, 1), Change("vm", {"power": "off"}, {"power": "on"}, 2))
    diff = ChangeSet(steps).diff()
    assert (json.loads(diff["before"]), json.loads(diff["after"])) == ({"vm": None}, {"vm": {"power": "on"}})


def test_nothing_to_do_is_an_empty_diff() -> None:
    assert (ChangeSet(()).changed, ChangeSet(()).diff()) == (False, {"before": "", "after": ""})


def test_a_change_set_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match=r"ask for \.changed"):
        bool(ChangeSet(()))
