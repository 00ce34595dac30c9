from __future__ import annotations

import ssl
from types import SimpleNamespace

import pytest
from pyVmomi import vim

from gatekit.devices.esxi.session import Session, Target, _require_standalone, trusted_context
from gatekit.errors import DeviceError

TARGET = Target("gw-esx", "10.161.4.5", 443, "root", "x-secret", "pem")


class Host:
    """A host that answers with a script: exceptions are raised, the rest is returned."""

    def __init__(self, *script: object) -> None:
        self.script, self.logins, self.pauses = list(script), 0, list[float]()
        self.sessionManager = self

    def RetrieveContent(self) -> Host:  # noqa: N802 - the API's name
        return self

    def Login(self, user: str, password: str) -> None:  # noqa: N802 - the API's name
        assert (user, password) == ("root", "x-secret")
        self.logins += 1

    def call(self) -> object:
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def session(self) -> Session:
        return Session(TARGET, self, self.pauses.append)


def test_a_read_is_tried_again_with_growing_pauses() -> None:
    host = Host(ConnectionResetError(), TimeoutError(), "answer")
    assert host.session().read("x", host.call) == "answer"
    assert host.pauses == [0.25, 0.5]


def test_a_read_gives_up() -> None:
    host = Host(*[ConnectionResetError("reset")] * 9)
    with pytest.raises(DeviceError) as caught:
        host.session().read("x", host.call)
    assert (caught.value.code, caught.value.path) == ("GW402", "gw-esx.x")
    assert len(host.script) == 5


def test_a_write_is_sent_once() -> None:
    host = Host(ConnectionResetError("reset"), "never")
    with pytest.raises(DeviceError) as caught:
        host.session().write("x", host.call)
    assert caught.value.code == "GW402"
    assert host.script == ["never"]


def test_a_session_that_ended_is_opened_once_again_for_reads_and_writes() -> None:
    host = Host(vim.fault.NotAuthenticated(), "answer")
    assert host.session().write("x", host.call) == "answer"
    assert host.logins == 1


def test_a_session_that_ends_at_once_again_is_an_error() -> None:
    host = Host(vim.fault.NotAuthenticated(), vim.fault.NotAuthenticated())
    with pytest.raises(DeviceError) as caught:
        host.session().write("x", host.call)
    assert (caught.value.code, host.logins) == ("GW403", 1)


def test_a_write_waits_for_somebody_elses_task() -> None:
    host = Host(vim.fault.TaskInProgress(), vim.fault.TaskInProgress(), "answer")
    assert host.session().write("x", host.call) == "answer"
    assert host.pauses == [0.5, 1.0]


def test_a_task_that_does_not_end_is_named() -> None:
    host = Host(*[vim.fault.TaskInProgress()] * 9)
    with pytest.raises(DeviceError) as caught:
        host.session().write("x", host.call)
    assert (caught.value.code, caught.value.path, sum(host.pauses)) == ("GW413", "gw-esx.x", 30.5)


def test_a_step_that_was_cut_off_is_looked_at_and_done_once_more() -> None:
    host = Host(ConnectionResetError("reset"), "answer")
    session = host.session()
    session.again_if_cut("x", lambda: session.write("x", host.call))
    assert host.script == []


def test_a_step_that_is_cut_off_twice_or_refused_is_not_repeated() -> None:
    for script, code in (([ConnectionResetError("reset")] * 3, "GW402"), ([vim.fault.NotFound()] * 3, "GW407")):
        host = Host(*script)
        session = host.session()
        with pytest.raises(DeviceError) as caught:
            session.again_if_cut("x", lambda session=session, host=host: session.write("x", host.call))
        assert (caught.value.code, len(host.script)) == (code, 1 if code == "GW402" else 2)


def test_a_bug_stays_a_bug() -> None:
    host = Host(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        host.session().read("x", host.call)


@pytest.mark.parametrize(
    ("api_type", "version", "value"),
    [("VirtualCenter", "8.0.3.0", "apiType VirtualCenter"), ("HostAgent", "7.0.3.0", "VMware ESXi x")],
)
def test_only_a_standalone_host_of_a_supported_version_is_taken(api_type: str, version: str, value: str) -> None:
    about = SimpleNamespace(apiType=api_type, apiVersion=version, fullName="VMware ESXi x")
    with pytest.raises(DeviceError) as caught:
        _require_standalone(TARGET, about)
    assert caught.value.facts[:3] == ("GW417", "gw-esx.about", value)


def test_verification_cannot_be_off() -> None:
    with pytest.raises(DeviceError) as caught:
        trusted_context("", pinned=True)
    assert caught.value.code == "GW416"
    assert ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).verify_mode is ssl.CERT_REQUIRED


def test_the_password_is_in_no_representation() -> None:
    assert "x-secret" not in repr(TARGET)
