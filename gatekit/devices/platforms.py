"""Finds a platform by the name that the catalogue gives it; imported when it is asked for, and no sooner.

A platform that is broken or not there breaks nothing but itself.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from gatekit.catalogue import products
from gatekit.devices.change.platform import Platform
from gatekit.errors import RenderError

__all__ = ["platform_named", "platform_names", "platform_of"]


def platform_names() -> tuple[str, ...]:
    """Return the catalogue's platforms that can be changed through the engine, in order."""
    wanted = {product.platform for product in products().values()}
    return tuple(sorted(name for name in wanted if _is_there(name)))


def platform_named(name: str) -> Platform:
    """Return one platform.

    Raises:
        RenderError: GW301 for a name that the catalogue does not have, or that is reached another way (linux).
    """
    known = platform_names()
    if name not in known:
        raise RenderError("GW301", "platform", name, f"Use one of {', '.join(known)}.")
    platform: Platform = import_module(f"gatekit.devices.{name}").PLATFORM
    return platform


def platform_of(product: str) -> Platform:
    """Return the platform of one product of the catalogue; GW301 as ``platform_named``."""
    found = products().get(product)
    if found is None:
        raise RenderError("GW301", "product", product, f"Use one of {', '.join(sorted(products()))}.")
    return platform_named(found.platform)


def _is_there(name: str) -> bool:
    spec = find_spec(f"gatekit.devices.{name}")
    return spec is not None and spec.origin is not None
