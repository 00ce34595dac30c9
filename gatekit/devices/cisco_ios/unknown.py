"""The one refusal of the reader."""

from __future__ import annotations

from gatekit.errors import DeviceError

FIX = "Somebody changed the device, or its firmware writes this differently; compare with the rendered text."


def unknown(section: str, line: str) -> DeviceError:
    """Return GW427 for a line, or for one that is missing, in a section of ours."""
    return DeviceError("GW427", f"cisco_ios.{section}", line.strip(), FIX)
