"""Squid: who may ask and for what; everything else is refused."""

from __future__ import annotations

from gatekit.plan.model import ProxyPlan
from gatekit.render.text import RenderedFile, header, render

__all__ = ["proxy_files"]


def proxy_files(plan: ProxyPlan) -> tuple[RenderedFile, ...]:
    """Return Squid's configuration and the settings of its unit."""
    text = render("squid", "squid.conf.j2", header=header("proxy"), proxy=plan)
    unit = render("squid", "squid.service.conf.j2", header=header("proxy"))
    return (
        # Its group reads it: Squid re-reads the file after it gave up root.
        RenderedFile(
            path="/etc/squid/squid.conf", content=text, group="proxy", mode="0640", checker="squid -k parse -f %s"
        ),
        RenderedFile(path="/etc/systemd/system/squid.service.d/60-gatekit.conf", content=unit),
    )
