from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from gatekit.portable import orthanc_retention as retention

NOW = datetime(2026, 11, 23, 4, 10, tzinfo=UTC)


class Archive(HTTPServer):
    """Answers like Orthanc for studies; ``grown`` got an instance after the list was made."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.studies: dict[str, dict[str, Any]] = {}
        self.grown: set[str] = set()
        self.deleted: list[str] = []


class Answers(BaseHTTPRequestHandler):
    server: Archive

    def log_message(self, *_words: object) -> None:
        pass

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/studies":
            asked = dict(pair.split("=") for pair in query.split("&") if "=" in pair)
            rows = list(self.server.studies.values())
            self._say(rows[int(asked["since"]) : int(asked["since"]) + int(asked["limit"])])
            return
        number = path.rsplit("/", 1)[1]
        if number in self.server.grown:
            self.server.studies[number]["LastUpdate"] = "20261123T040900"
        self._say(self.server.studies[number])

    def do_DELETE(self) -> None:
        self.server.deleted.append(self.path.rsplit("/", 1)[1])
        self._say({})

    def _say(self, content: Any) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())


@pytest.fixture
def archive() -> Iterator[Archive]:
    with Archive() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def holds(archive: Archive, **came: str) -> None:
    archive.studies = {name: {"ID": name, "LastUpdate": at} for name, at in came.items()}


def test_only_what_came_before_the_limit_is_deleted(archive: Archive) -> None:
    holds(archive, old="20260922T235959", edge="20260923T041000", young="20261101T000000", unknown="", odd="yesterday")
    assert retention.delete_expired(archive.server_port, 2, NOW) == 1
    assert archive.deleted == ["old"]


def test_study_that_grew_meanwhile_is_kept(archive: Archive) -> None:
    holds(archive, old="20200101T000000", grown="20200101T000000")
    archive.grown = {"grown"}
    assert retention.delete_expired(archive.server_port, 2, NOW) == 1
    assert archive.deleted == ["old"]


def test_every_page_is_read(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PAGE", 3)
    holds(archive, **{f"s{number}": "20200101T000000" for number in range(7)})
    assert retention.delete_expired(archive.server_port, 2, NOW) == 7


@pytest.mark.parametrize(
    ("now", "months", "limit"),
    [
        (datetime(2026, 3, 31, tzinfo=UTC), 1, datetime(2026, 2, 28, tzinfo=UTC)),
        (datetime(2028, 3, 31, tzinfo=UTC), 1, datetime(2028, 2, 29, tzinfo=UTC)),
        (datetime(2026, 1, 15, tzinfo=UTC), 1, datetime(2025, 12, 15, tzinfo=UTC)),
        (datetime(2026, 12, 31, tzinfo=UTC), 12, datetime(2025, 12, 31, tzinfo=UTC)),
        (datetime(2026, 11, 23, tzinfo=UTC), 1200, datetime(1926, 11, 23, tzinfo=UTC)),
    ],
)
def test_months_are_calendar_months(now: datetime, months: int, limit: datetime) -> None:
    assert retention.cut_off(now, months) == limit


def test_without_months_nothing_is_even_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["orthanc_retention.py", "--port", "1"])
    retention.main()
    assert capsys.readouterr().out == "kept: everything\n"
