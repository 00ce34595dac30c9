from __future__ import annotations

import time

import pytest

from gatekit.devices.change.access import Access, require_secrets, secrets_named
from gatekit.errors import DeviceError, IntentError
from tests.unit.gatekit.devices.change.box import PASSWORD, PROMPT, BoxPlatform


@pytest.mark.peer
def test_a_session_that_the_device_ended_is_noticed_at_once(lab):
    with Access(BoxPlatform(), lab.simulator.login(), lab.part, {}).visit() as session:
        lab.simulator.drop_sessions()
        started = time.monotonic()
        with pytest.raises(DeviceError) as lost:
            session.ask("show running", expect=PROMPT)
        assert lost.value.code == "GW402"
        assert time.monotonic() - started < 1


@pytest.mark.peer
def test_a_visit_leaves_no_session_behind(lab):
    with Access(BoxPlatform(), lab.simulator.login(), lab.part, {}).visit():
        assert lab.simulator.run(lambda: len(lab.box.sessions)) == 1
    ends = time.monotonic() + 2
    while lab.simulator.run(lambda: len(lab.box.sessions)) and time.monotonic() < ends:
        time.sleep(0.01)
    assert lab.simulator.run(lambda: lab.box.sessions) == []


def test_nothing_that_is_shown_of_an_access_has_a_secret(lab):
    access = Access(BoxPlatform(), lab.simulator.login(), lab.part, {"vpn_psk": "a-secret-value"})
    assert not [value for value in ("a-secret-value", PASSWORD) if value in repr(access)]


def test_secrets_are_named_and_required():
    assert secrets_named("a <secret vpn_psk> b <secret x1> <secret vpn_psk>") == {"vpn_psk", "x1"}
    require_secrets(frozenset({"a"}), {"a": "1"})
    with pytest.raises(IntentError) as refused:
        require_secrets(frozenset({"a", "b"}), {"a": "1", "b": ""})
    assert refused.value.facts[:2] == ("GW107", "vault.b")
