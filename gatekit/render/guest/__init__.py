"""One Linux guest: its packet filter and the files of its base system."""

from __future__ import annotations

from gatekit.render.guest.base_system import guest_files, guest_names
from gatekit.render.guest.package_source import package_sources
from gatekit.render.guest.packet_filter import packet_filter

__all__ = ["guest_files", "guest_names", "package_sources", "packet_filter"]
