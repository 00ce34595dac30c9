"""Proxy settings for HIS terminals, in the three ways a hospital sets them (HC-2), and their web server.

automatic: ``proxy.pac``; policy: a registry file for Windows and a command for WinHTTP services;
manual: a page with the values, in Japanese and English.
"""

from __future__ import annotations

import json

from gatekit.plan.model import ProxyPlan
from gatekit.render.text import RenderedFile, header, render

__all__ = ["SETTINGS_ROOT", "automatic_script", "settings_files"]

SETTINGS_ROOT = "/srv/gatekit/proxy-settings"


def settings_files(plan: ProxyPlan) -> tuple[RenderedFile, ...]:
    """Return the published files and the web server's configuration, which serves these files only."""
    published = {
        "proxy.pac": automatic_script(plan),
        "proxy-settings.reg": _windows(plan, "proxy-settings.reg"),
        "proxy-winhttp.cmd": _windows(plan, "proxy-winhttp.cmd"),
        "proxy-settings.txt": render("squid", "proxy-settings.txt.j2", proxy=plan, pac_url=pac_url(plan)),
    }
    server = render(
        "squid", "lighttpd.conf.j2", header=header("proxy"), proxy=plan, root=SETTINGS_ROOT, names=sorted(published)
    )
    return (
        RenderedFile(path="/etc/lighttpd/lighttpd.conf", content=server, checker="lighttpd -tt -f %s"),
        RenderedFile(path=SETTINGS_ROOT, state="directory", mode="0755"),
        *(RenderedFile(path=f"{SETTINGS_ROOT}/{name}", content=text) for name, text in sorted(published.items())),
    )


def pac_url(plan: ProxyPlan) -> str:
    """Return where terminals fetch the PAC file; by address, since a terminal may have no DNS for our names."""
    port = "" if plan.pac_port == 80 else f":{plan.pac_port}"
    return f"http://{plan.address}{port}/proxy.pac"


def automatic_script(plan: ProxyPlan) -> str:
    """Return the PAC file: the plan's destinations through the proxy, everything else as before."""
    return render(
        "squid",
        "proxy.pac.j2",
        header=header("proxy", "//"),
        exact=json.dumps([name.lower() for name in plan.destinations if not name.startswith(".")]),
        domains=json.dumps([name.lower() for name in plan.destinations if name.startswith(".")]),
        proxy=plan,
    )


def _windows(plan: ProxyPlan, template: str) -> str:
    """Return the text with the line ends Windows expects; plain ASCII, so no code page matters."""
    comment = ";" if template.endswith(".reg") else "rem"
    text = render("squid", f"{template}.j2", header=header("proxy", comment), proxy=plan, pac_url=pac_url(plan))
    return text.encode("ascii").decode().replace("\n", "\r\n")
