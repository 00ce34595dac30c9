"""The few objects every standalone host has exactly one of."""

from __future__ import annotations

from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.vmomi import Ref

__all__ = ["compute_resource", "datacenter", "host_system"]


def datacenter(session: Session) -> Ref:
    """Return the one datacenter of a standalone host."""
    return session.read("inventory", lambda: session.content.rootFolder.childEntity[0])


def compute_resource(session: Session) -> Ref:
    """Return the one compute resource of a standalone host."""
    return session.read("inventory", lambda: datacenter(session).hostFolder.childEntity[0])


def host_system(session: Session) -> Ref:
    """Return the one host of a standalone host."""
    return session.read("inventory", lambda: compute_resource(session).host[0])
