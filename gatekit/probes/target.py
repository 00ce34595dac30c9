"""One host that asks: how it is reached, where it stands and what it trusts."""

from __future__ import annotations

from ipaddress import IPv4Address

from gatekit.model import Frozen
from gatekit.plan.flow import Zone


class ProbeTarget(Frozen):
    """A host that asks by packets, as root.

    ``backend``: ``podman://NAME``, ``ssh://HOST?ssh_config=FILE&sudo=true`` or ``local://`` (this machine).
    ``address`` is the source address; ``ca_file``, ``certificate`` and ``key`` are paths on the probe host.
    """

    backend: str
    zone: Zone
    address: IPv4Address
    ca_file: str | None = None
    certificate: str | None = None
    key: str | None = None
