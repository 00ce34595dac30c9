"""One call of the module wildfly_server: observe, decide, perhaps act, prove."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from ..errors import NodeError
from . import change_set, server
from .change_set import ServerChange
from .management import Endpoint, Management
from .wish import Wish, read_wish

__all__ = ["keep"]


def keep(given: Mapping[str, Any], *, predict: bool) -> dict[str, Any]:
    """Return the module's result after the server is as wished; with ``predict`` nothing is touched.

    Raises:
        NodeError: as observe, plan and apply of this package; GW406 when the server took the change and still differs.
    """
    wish = read_wish(given)
    secrets = {name: str(value) for name, value in given["secrets"].items()}
    endpoint = Endpoint(given["port"], given["user"], given["password"])
    with contextlib.closing(Management(endpoint)) as management:
        change = _planned(management, wish, secrets, given, predict=predict)
        missing = server.missing_files(change)
        if change.changed and not predict and not missing:
            server.apply(management, change, secrets, unit=given["unit"], start_timeout_s=given["start_timeout_s"])
            _prove(_planned(management, wish, secrets, given, predict=False))
    acted = change.changed and (predict or not missing)
    return {
        "changed": acted,
        "diff": change.diff() if acted else {"before": "", "after": ""},
        "wanted_archives": [] if predict else list(missing),
        "server_state": change.state,
    }


def _planned(
    management: Management, wish: Wish, secrets: Mapping[str, str], given: Mapping[str, Any], *, predict: bool
) -> ServerChange:
    found = server.observe(management, wish, start_timeout_s=given["start_timeout_s"], predict=predict)
    return change_set.plan(found, wish, secrets, given["fingerprint_key"])


def _prove(left: ServerChange) -> None:
    """Refuse a server that took the operation and is not as wished: the next run would find a change again."""
    if left.changed:
        fix = "It accepted the operation and kept another value; correct the wish, or look into its log."
        raise NodeError("GW406", "wildfly.after", sorted(left.after), fix)
