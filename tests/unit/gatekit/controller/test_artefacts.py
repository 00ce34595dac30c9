"""Artefacts from beside the site file, from a repository on loopback, from mvn: each judged by sha256."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekit.controller.artefacts import REPOSITORY, fetched, local_artefact, wildfly_archive
from gatekit.errors import IntentError

CONTENT = b"an archive"
SUM = hashlib.sha256(CONTENT).hexdigest()
PLACE = "org/wildfly/wildfly-dist/39.0.1.Final/wildfly-dist-39.0.1.Final.zip"
COORDINATES, VERSION = "org.wildfly:wildfly-dist:zip", "39.0.1.Final"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the folder of a repository that answers on loopback."""
    folder = tmp_path / "repository"
    (folder / PLACE).parent.mkdir(parents=True)
    (folder / PLACE).write_bytes(CONTENT)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *words: object) -> None:
            super().__init__(*words, directory=str(folder))  # type: ignore[arg-type] - the server's own words

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    monkeypatch.setenv(REPOSITORY, f"http://127.0.0.1:{server.server_address[1]}/")
    monkeypatch.setenv("no_proxy", "*")
    yield folder
    server.shutdown()
    server.server_close()


def maven(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program ``mvn`` first on PATH; $REPO is the repository it was told to use."""
    folder.mkdir()
    program = folder / "mvn"
    program.write_text(
        '#!/bin/sh\nfor w in "$@"; do case "$w" in -Dmaven.repo.local=*) REPO="${w#*=}";; esac; done\n' + script
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.delenv(REPOSITORY, raising=False)


def test_archive_comes_from_the_repository_once_and_from_the_cache_after(repository: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    path = fetched(COORDINATES, VERSION, SUM, cache)
    assert (path, path.read_bytes()) == (cache / SUM, CONTENT)
    (repository / PLACE).unlink()
    assert fetched(COORDINATES, VERSION, SUM, cache) == path
    assert [entry.name for entry in cache.iterdir()] == [SUM]


def test_cache_is_judged_each_time_and_fetched_anew_when_damaged(repository: Path, tmp_path: Path) -> None:
    path = fetched(COORDINATES, VERSION, SUM, tmp_path / "cache")
    path.write_bytes(b"damaged")
    assert fetched(COORDINATES, VERSION, SUM, tmp_path / "cache").read_bytes() == CONTENT


def test_archive_with_another_sha256_is_refused_and_not_kept(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(IntentError) as refused:
        fetched(COORDINATES, VERSION, "0" * 64, tmp_path / "cache")
    assert refused.value.facts[::2] == ("GW142", SUM)
    assert list((tmp_path / "cache").iterdir()) == []


def test_repository_without_it_is_named_with_what_to_do(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(IntentError) as refused:
        fetched(COORDINATES, "1.0", SUM, tmp_path / "cache")
    assert refused.value.facts[:2] == ("GW142", "artefact.url")
    assert "404" in str(refused.value)


def test_plain_http_to_another_machine_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(REPOSITORY, "http://repository.example.jp/maven")
    with pytest.raises(IntentError) as refused:
        fetched(COORDINATES, VERSION, SUM, tmp_path)
    assert refused.value.facts[:2] == ("GW142", REPOSITORY)


def test_mvn_is_asked_where_no_repository_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = f'"$REPO"/{PLACE}'
    maven(tmp_path / "bin", monkeypatch, f"mkdir -p $(dirname {place}); printf 'an archive' > {place}\n")
    assert fetched(COORDINATES, VERSION, SUM, tmp_path / "cache").read_bytes() == CONTENT
    assert [entry.name for entry in (tmp_path / "cache").iterdir()] == [SUM]


def test_failure_of_mvn_is_given_in_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven(tmp_path / "bin", monkeypatch, "echo '[ERROR] no such artefact'; exit 1\n")
    with pytest.raises(IntentError) as refused:
        fetched(COORDINATES, VERSION, SUM, tmp_path / "cache")
    assert refused.value.value == ["[ERROR] no such artefact"]


def test_controller_without_any_way_is_told_the_three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(REPOSITORY, raising=False)
    with pytest.raises(IntentError) as refused:
        fetched(COORDINATES, VERSION, SUM, tmp_path / "cache")
    assert refused.value.code == "GW142"
    assert all(word in refused.value.fix for word in ("Maven", REPOSITORY, "application.wildfly"))


def test_coordinates_of_another_form_are_refused(tmp_path: Path) -> None:
    with pytest.raises(IntentError) as refused:
        fetched("org.wildfly:wildfly-dist", VERSION, SUM, tmp_path)
    assert refused.value.facts[:3] == ("GW104", "artefact.coordinates", "org.wildfly:wildfly-dist")


def test_file_beside_the_site_file_is_taken_before_any_repository(tmp_path: Path) -> None:
    (tmp_path / "wildfly.zip").write_bytes(CONTENT)
    plan = {"local": {"path": "wildfly.zip", "sha256": SUM}}
    assert wildfly_archive(plan, str(tmp_path)) == str(tmp_path / "wildfly.zip")


@pytest.mark.parametrize("folder", ["", "/nowhere"])
def test_file_that_is_not_there_is_refused(folder: str) -> None:
    with pytest.raises(IntentError) as refused:
        local_artefact({"path": "a.war", "sha256": SUM}, folder)
    assert refused.value.facts[:3] == ("GW142", "artefact.path", str(Path(folder, "a.war")))


def test_file_with_another_sha256_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.war").write_bytes(b"another")
    with pytest.raises(IntentError) as refused:
        local_artefact({"path": "a.war", "sha256": SUM}, str(tmp_path))
    actual = hashlib.sha256(b"another").hexdigest()
    assert refused.value.facts[:3] == ("GW142", "artefact.a.war", actual)
