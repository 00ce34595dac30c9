"""Where the twin keeps things. Everything lies under build/, which git ignores."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

IMAGES = ROOT / "twin" / "images"
CACHE = ROOT / "build" / "cache"
"""What is expensive to make and the same for every site."""


TWINS = ROOT / "build" / "twin"
"""A folder for each site whose twin was raised from here."""


def site_folder(site: str) -> Path:
    """Return build/twin/<site>: an Ansible inventory, so nothing else may lie in it."""
    return TWINS / site


def keys_folder(site: str) -> Path:
    """Return build/twin-keys/<site>: certificates and private keys, mode 0700."""
    return ROOT / "build" / "twin-keys" / site
