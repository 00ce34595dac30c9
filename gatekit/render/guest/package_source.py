"""Where a guest gets its packages: one deb822 file, signed, and nothing beside it."""

from __future__ import annotations

from gatekit.plan.model import PackageSource
from gatekit.render.text import RenderedFile, header, render

__all__ = ["package_sources"]


def package_sources(source: PackageSource) -> tuple[RenderedFile, ...]:
    """Return apt's source file. A suite that ends with a slash is a flat repository, which has no components."""
    content = render("guest", "gatekit.sources.j2", header=header("package_source"), source=source)
    return (RenderedFile(path="/etc/apt/sources.list.d/gatekit.sources", content=content),)
