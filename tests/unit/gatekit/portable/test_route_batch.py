"""Our routes in the kernel against the batch; the answers are those of iproute2 6.15."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gatekit.portable import route_batch
from gatekit.portable.errors import NodeError
from tests.unit.gatekit.portable.conftest import FakePrograms

BATCH = """\
# managed by gatekit
address replace 10.161.4.254/24 dev dmz0
route replace blackhole 10.200.0.0/16 proto 97 metric 4278
route replace default via 198.51.100.1 proto 97
route replace 172.20.0.0/16 via 192.168.10.1 proto 97
route replace 10.9.9.9/32 dev xfrm0 src 10.161.4.254 proto 97
"""
BLACKHOLE = {"type": "blackhole", "dst": "10.200.0.0/16", "metric": 4278, "flags": []}
DEFAULT = {"dst": "default", "gateway": "198.51.100.1", "dev": "untrust0", "flags": []}
CLIENTS = {"dst": "172.20.0.0/16", "gateway": "192.168.10.1", "dev": "trust0", "flags": []}
HOST = {"dst": "10.9.9.9", "dev": "xfrm0", "scope": "link", "prefsrc": "10.161.4.254", "flags": []}
WHOLE = (BLACKHOLE, DEFAULT, CLIENTS, HOST)


@pytest.fixture
def path(programs: FakePrograms, tmp_path: Path) -> str:
    batch = tmp_path / "network.batch"
    batch.write_text(BATCH)
    return str(batch)


def loaded(programs: FakePrograms, *rows: dict[str, object]) -> None:
    programs.add("ip", f"[ \"$1\" = -j ] && cat <<'E'\n{json.dumps(rows)}\nE\nexit 0")


def test_routes_as_loaded_are_no_change(programs: FakePrograms, path: str) -> None:
    loaded(programs, *WHOLE)
    assert not route_batch.plan(path).changed
    assert programs.calls == ["ip -j -4 route show table main proto 97"]


def test_a_route_that_somebody_took_away_is_put_back_and_no_other_is_touched(programs, path) -> None:
    loaded(programs, BLACKHOLE, DEFAULT, HOST)
    change = route_batch.plan(path)
    assert change.before["missing"] == ["172.20.0.0/16 via 192.168.10.1 proto 97"]
    route_batch.apply(change)
    assert programs.calls[1:] == ["ip route replace 172.20.0.0/16 via 192.168.10.1 proto 97"]


def test_another_next_hop_is_found_and_replaced(programs, path) -> None:
    loaded(programs, BLACKHOLE, DEFAULT, CLIENTS | {"gateway": "192.168.10.9"}, HOST)
    change = route_batch.plan(path)
    assert change.missing == ("172.20.0.0/16 via 192.168.10.1 proto 97",)
    assert change.foreign == ("172.20.0.0/16 via 192.168.10.9 dev trust0",)


def test_a_route_of_our_number_that_the_batch_lacks_is_removed(programs, path) -> None:
    loaded(programs, *WHOLE, {"dst": "10.8.0.0/16", "gateway": "192.168.10.9", "dev": "trust0"})
    route_batch.apply(route_batch.plan(path))
    assert programs.calls[1:] == ["ip route del 10.8.0.0/16 via 192.168.10.9 dev trust0"]


def test_before_a_batch_was_laid_down_nothing_is_asked(programs, tmp_path) -> None:
    loaded(programs, *WHOLE)
    assert not route_batch.plan(str(tmp_path / "network.batch.none")).changed
    assert programs.calls == []


def test_a_refused_route_is_named(programs, path) -> None:
    programs.add(
        "ip", '[ "$1" = -j ] && { echo "[]"; exit 0; }; echo "Error: Nexthop has invalid gateway." >&2; exit 2'
    )
    with pytest.raises(NodeError) as caught:
        route_batch.apply(route_batch.plan(path))
    line = "ip route replace blackhole 10.200.0.0/16 proto 97 metric 4278"
    assert caught.value.facts[:3] == ("GW420", "route_batch", f"{line}: Error: Nexthop has invalid gateway.")
