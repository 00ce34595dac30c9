"""boot.cfg of the installer: read what it is, and say where the answers lie. In bytes: its lines may end in CRLF."""

from __future__ import annotations

import re

from gatekit.errors import IntentError

__all__ = ["GET_ISO", "OLDEST", "require_installer", "with_kickstart"]

OLDEST = (8, 0, 0)
KERNEL_OPTIONS = re.compile(rb"^kernelopt=[^\r\n]*", re.MULTILINE)
BUILD = re.compile(rb"^build=(\d+)\.(\d+)\.(\d+)-", re.MULTILINE)
INSTALLER_TITLE = re.compile(rb"^title=Loading ESXi? installer", re.MULTILINE)  # ESX from 9.0 on
GET_ISO = "Give VMware's installer ISO of ESXi 8.0 Update 3 or newer, as downloaded."


def require_installer(content: bytes, place: str) -> tuple[int, int, int]:
    """Return the ESXi version whose installer this boot.cfg starts.

    Raises:
        IntentError: GW145 it starts something else, or a version below 8.0.
    """
    build = BUILD.search(content)
    if build is None or INSTALLER_TITLE.search(content) is None:
        raise IntentError("GW145", place, "not an ESXi installer", GET_ISO)
    version = (int(build[1]), int(build[2]), int(build[3]))
    if version < OLDEST:
        raise IntentError("GW145", place, ".".join(map(str, version)), GET_ISO)
    return version


def with_kickstart(content: bytes, script: str, place: str) -> bytes:
    """Return the boot.cfg whose one kernelopt= line runs the installer with ``script``; all other bytes stay.

    ``script`` is e.g. ``cdrom:/KS.CFG``. ``systemMediaSize=min`` leaves a datastore on a small disk; the stock
    word ``cdromBoot`` is dropped, since with it the installer may not look for the script (reference A.1.2).

    Raises:
        IntentError: GW145 there is not exactly one such line.
    """
    if len(KERNEL_OPTIONS.findall(content)) != 1:
        raise IntentError("GW145", place, "not exactly one kernelopt=", GET_ISO)
    return KERNEL_OPTIONS.sub(b"kernelopt=runweasel ks=" + script.encode() + b" systemMediaSize=min", content)
