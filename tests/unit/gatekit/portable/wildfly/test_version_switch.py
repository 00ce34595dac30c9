"""Forward, back, and the ways it fails; the server is a script that answers for the version the link points to."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Any

import pytest

from gatekit.portable.errors import NodeError
from gatekit.portable.wildfly import version_switch
from gatekit.portable.wildfly.installation import MARKER, Layout, linked_version, point_link
from gatekit.portable.wildfly.version_switch import Service

OLD, NEW = "38.0.1.Final", "39.0.1.Final"


class ScriptedServer:
    """What the service and its management API do; it rewrites its configuration at each start, as WildFly does."""

    def __init__(self, layout: Layout) -> None:
        self.layout, self.runs, self.acts = layout, True, []
        self.does_not_start: set[str] = set()
        self.says: dict[str, str] = {}  # version: what it calls itself
        self.ill_on: set[str] = set()
        self.unreadable_for: dict[str, str] = {}  # version: whose configuration it cannot read

    @property
    def configuration(self) -> Path:
        return self.layout.configuration_folder / "gatekit.xml"

    def stop(self) -> None:
        self.runs = False
        self.acts.append("stop")

    def start(self) -> None:
        version = linked_version(self.layout)
        self.acts.append(f"start {version}")
        if version in self.does_not_start or self.unreadable_for.get(version) == self.configuration.read_text():
            raise NodeError("GW420", "units.wildfly.service", "exit code 1", "Read journalctl -u wildfly.")
        self.configuration.write_text(version)
        self.runs = True

    # the management API
    def ask(self, asked: dict[str, Any]) -> Any:
        version = linked_version(self.layout)
        if asked["operation"] == "read-attribute":
            return self.says.get(version, version)
        return {"a.war": {"status": "FAILED" if version in self.ill_on else "OK"}}

    def wait_until(self, _states: object, _timeout_s: float) -> str:
        return "running"

    def close(self) -> None:
        """Nothing to end."""

    def request(self) -> int:
        return 200 if self.runs else 0


class ScriptedService(Service):
    def stop(self) -> None:
        self.connect().stop()  # type: ignore[attr-defined] - the scripted server is both

    def start(self) -> None:
        self.connect().start()  # type: ignore[attr-defined] - the scripted server is both


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(str(tmp_path / "wildfly"), str(tmp_path / "state/server"), "gatekit.xml", getpass.getuser())
    for version in (OLD, NEW):
        layout.home(version).mkdir()
        (layout.home(version) / MARKER).write_text("sum")
    (layout.configuration_folder).mkdir(parents=True)
    (layout.configuration_folder / "gatekit.xml").write_text(OLD)
    content = Path(layout.base_folder, "data/content/ab")
    content.mkdir(parents=True)
    (content / "content").write_text("a.war")
    point_link(layout, OLD)
    return layout


@pytest.fixture
def server(layout: Layout) -> ScriptedServer:
    return ScriptedServer(layout)


def switch(layout: Layout, server: ScriptedServer, target: str, *, back: bool = False) -> Any:
    service = ScriptedService("wildfly.service", 5, lambda: server, server.request)  # type: ignore[arg-type,return-value] - scripted
    return version_switch.apply(version_switch.plan(layout, target, back=back), service)


def content(layout: Layout) -> str:
    return Path(layout.base_folder, "data/content/ab/content").read_text()


def test_new_version_takes_configuration_and_contents(layout: Layout, server: ScriptedServer) -> None:
    switch(layout, server, NEW)
    assert linked_version(layout) == NEW
    assert (server.configuration.read_text(), content(layout)) == (NEW, "a.war")
    assert version_switch.plan(layout, NEW, back=False).changed is False


def test_way_back_gives_the_configuration_the_old_version_can_read(layout: Layout, server: ScriptedServer) -> None:
    server.unreadable_for = {OLD: NEW}
    switch(layout, server, NEW)
    Path(layout.base_folder, "data/content/ab/content").unlink()  # as the server does with what it no longer needs
    switch(layout, server, "", back=True)
    assert linked_version(layout) == OLD
    assert (server.configuration.read_text(), content(layout)) == (OLD, "a.war")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param({"does_not_start": {NEW}}, "exit code 1", id="does-not-start"),
        pytest.param({"says": {NEW: "39.0.0.Final"}}, "39.0.0.Final", id="is-another-version"),
        pytest.param({"ill_on": {NEW}}, "a.war", id="application-does-not-run"),
    ],
)
def test_version_that_does_not_come_up_is_left_again(
    layout: Layout, server: ScriptedServer, fault: dict[str, Any], said: str
) -> None:
    for name, value in fault.items():
        setattr(server, name, value)
    server.unreadable_for = {OLD: NEW}
    with pytest.raises(NodeError) as refused:
        switch(layout, server, NEW)
    assert refused.value.code == "GW420"
    assert said in str(refused.value.value)
    assert f"went back to {OLD}" in str(refused.value.value)
    assert (linked_version(layout), server.configuration.read_text(), server.runs) == (OLD, OLD, True)


def test_when_neither_comes_up_both_reasons_are_given(layout: Layout, server: ScriptedServer) -> None:
    server.does_not_start = {OLD, NEW}
    with pytest.raises(NodeError) as refused:
        switch(layout, server, NEW)
    assert refused.value.value == f"units.wildfly.service: exit code 1; and {OLD} did not come up: exit code 1"


def test_application_that_was_ill_before_does_not_hold_an_upgrade_up(layout: Layout, server: ScriptedServer) -> None:
    server.ill_on = {OLD, NEW}
    switch(layout, server, NEW)
    assert linked_version(layout) == NEW


def test_refusals_before_anything_is_stopped(layout: Layout, server: ScriptedServer) -> None:
    for target, back, path in (
        ("40.0.0.Final", False, str(layout.home("40.0.0.Final"))),
        (NEW, True, str(version_switch.kept_folder(layout, NEW))),
        ("", True, str(version_switch.kept_folder(layout))),
    ):
        with pytest.raises(NodeError) as refused:
            switch(layout, server, target, back=back)
        assert refused.value.facts[:2] == ("GW407", path)
    assert server.acts == []


def test_outage_is_what_requests_saw(layout: Layout, server: ScriptedServer) -> None:
    outage = switch(layout, server, NEW)
    assert outage.requests >= 1
