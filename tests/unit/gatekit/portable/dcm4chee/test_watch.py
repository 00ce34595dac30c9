"""When the watch restarts WildFly, and above all when it does not."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from gatekit.portable import archive_ready
from gatekit.portable.dcm4chee import watch
from gatekit.portable.dcm4chee.watch import Seen, Settings, verdict

TARGET = archive_ready.Target("dcm4chee", "KITA_GW", 1, 1)
SETTINGS = Settings(TARGET, "wildfly.service", (("PostgreSQL", 5432), ("slapd", 389)), 300, 20, 120, "/run/x")
FAILED = ("deployments: arc.ear FAILED", "HTTP: status 404", "C-ECHO: Connection refused")
STARTING = ("deployments: Connection refused", "HTTP: Connection refused")


def seen(faults=FAILED, *, running_s=1000.0, missing=(), failing_s=60.0, restarted_s=None) -> Seen:
    """Return a look at second 10,000; the other times are seconds before it."""
    now = 10_000.0
    ago = [None if value is None else now - value for value in (running_s, failing_s, restarted_s)]
    return Seen(now, ago[0], faults, missing, ago[1], ago[2])


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        pytest.param(seen(), "restart", id="failed-for-a-minute"),
        pytest.param(seen(STARTING), "restart", id="dead-long-after-its-start"),
        pytest.param(seen(running_s=30.0), "restart", id="failed-at-its-start"),
        pytest.param(seen(()), "well", id="works"),
        pytest.param(seen(missing=("slapd",)), "wait: slapd not answering", id="slapd-down"),
        pytest.param(seen(STARTING, running_s=30.0), "wait: WildFly is starting", id="starting"),
        pytest.param(seen(failing_s=5.0), "wait: not for long yet", id="just-now"),
        pytest.param(seen(failing_s=None), "wait: not for long yet", id="first-look"),
        pytest.param(seen(restarted_s=60.0), "wait: restarted a moment ago", id="restarted"),
        pytest.param(seen(restarted_s=130.0), "restart", id="restarted-in-vain"),
        pytest.param(seen(running_s=None), "wait: WildFly is not running", id="stopped-by-hand"),
    ],
)
def test_ap_2_wildfly_is_restarted_only_when_that_can_help(look: Seen, expected: str) -> None:
    assert verdict(SETTINGS, look) == expected


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = free.getsockname()[1]
    content = {
        "ae_title": "KITA_GW",
        "dicom_port": nobody,
        "http_port": nobody,
        "management": {"port": nobody, "account": "gatekit", "password": "p", "deployments": ["arc.ear"]},
        "services": {"PostgreSQL": nobody},
        "unit": "wildfly.service",
        "start_s": 300,
        "patience_s": 0,
        "pause_s": 120,
        "state": str(tmp_path / "state.json"),
    }
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(content))
    return path


def test_ap_2_a_dead_archive_is_restarted_once_and_then_given_time(
    settings_file, tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(watch, "_running_since", lambda _unit: 0.0)
    monkeypatch.setattr(watch, "_answers", lambda _port: True)
    restarted: list[str] = []
    for _ in range(3):
        assert watch.main([str(settings_file)], restarted.append) == 0
    assert restarted == ["wildfly.service"]
    words = [line.split(" (")[0] for line in capsys.readouterr().out.splitlines()]
    assert words == ["restart", *2 * ["wait: restarted a moment ago"]]


def test_ap_2_time_without_postgresql_does_not_count_against_the_archive(settings_file, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(watch, "_running_since", lambda _unit: 0.0)
    restarted: list[str] = []
    watch.main([str(settings_file)], restarted.append)
    assert restarted == []
    assert json.loads((tmp_path / "state.json").read_text()) == {"failing_since_s": None, "restarted_s": None}
