"""WildFly's files on VM1: its unit, the settings that must be there before the first start, and the JDBC driver."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import gatekit.portable
from gatekit.errors import RenderError
from gatekit.plan.vm1.model import WildflyPlan
from gatekit.render.text import RenderedFile, header, render
from gatekit.render.wildfly import layout

__all__ = ["DIGEST_SECRET", "PASSWORD_SECRET", "STORE_SECRET", "wildfly_files"]

PLAN_PATH = "vm1.wildfly"
PASSWORD_SECRET, STORE_SECRET, DIGEST_SECRET = "management_password", "store_password", "management_digest"
"""Names by which the files say the plan's secrets and the digest made of them (``secrets_of_files``)."""
_START_PROOF_SOURCES = (
    "__init__.py",
    "errors.py",
    "wildfly/__init__.py",
    "wildfly/addresses.py",
    "wildfly/management.py",
    "wildfly/running.py",
)
_EXPORTED = (
    "java.desktop/sun.awt",
    "java.naming/com.sun.jndi.ldap",
    "java.naming/com.sun.jndi.url.ldap",
    "java.naming/com.sun.jndi.url.ldaps",
    "jdk.naming.dns/com.sun.jndi.dns",
)
_OPENED = (
    "java.base/java.io",
    "java.base/java.lang",
    "java.base/java.lang.invoke",
    "java.base/java.lang.reflect",
    "java.base/java.net",
    "java.base/java.security",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.management/javax.management",
    "java.naming/javax.naming",
)
"""What the distribution's own start script opens (bin/common.sh of 39.0.1.Final)."""


def wildfly_files(plan: WildflyPlan) -> tuple[RenderedFile, ...]:
    """Return every file of the role; folders first, as owners of what is put into them.

    Raises:
        RenderError: GW302 when the Java package is not one of Debian's OpenJDK.
    """
    return (*_folders(plan), *_settings(plan), *_start_proof(), *_driver(), _unit(plan))


def _folders(plan: WildflyPlan) -> Iterator[RenderedFile]:
    account = plan.account

    def folder(path: str, owner: str, mode: str) -> RenderedFile:
        return RenderedFile(path=path, state="directory", owner=owner, group=account, mode=mode)

    yield folder(layout.STATE, "root", "0750")
    yield folder(layout.BASE_FOLDER, account, "0750")
    yield folder(f"{layout.BASE_FOLDER}/configuration", account, "0750")
    yield folder(layout.INCOMING, "root", "0750")
    yield folder(layout.MODULES, "root", "0750")
    yield folder(layout.LOGS, account, "0750")
    yield folder(layout.SETTINGS, "root", "0750")
    logs = f"{header(PLAN_PATH)}d {layout.LOGS} 0750 {account} {account} {layout.LOGS_KEPT_DAYS}d\n"
    yield RenderedFile(path="/etc/tmpfiles.d/wildfly.conf", content=logs)


def _settings(plan: WildflyPlan) -> Iterator[RenderedFile]:
    """Files with secrets: the server's store password for systemd only, the digest for the server."""
    yield RenderedFile(
        path=layout.ENVIRONMENT,
        content=f"{header(PLAN_PATH)}WILDFLY_STORE_PASSWORD=<secret {STORE_SECRET}>\n",
        mode="0600",
    )
    yield RenderedFile(path=layout.MANAGEMENT_PASSWORD_FILE, content=f"<secret {PASSWORD_SECRET}>\n", mode="0600")
    yield RenderedFile(
        path=layout.REALM_FILE,
        content=f"{header(PLAN_PATH)}{layout.MANAGEMENT_USER}=<secret {DIGEST_SECRET}>\n",
        owner=plan.account,
        group=plan.account,
        mode="0600",
    )


def _start_proof() -> Iterator[RenderedFile]:
    """Our own client of the management API, which the unit runs after the start."""
    source = Path(gatekit.portable.__file__).parent
    for name in _START_PROOF_SOURCES:
        yield RenderedFile(path=f"{layout.START_PROOF}/{name}", content=(source / name).read_text(encoding="utf-8"))


def _driver() -> Iterator[RenderedFile]:
    text = render("wildfly", "module.xml.j2", layout=layout)
    yield RenderedFile(path=layout.DRIVER_DESCRIPTOR, content=text)


def _unit(plan: WildflyPlan) -> RenderedFile:
    folder, package = layout.START_PROOF.rsplit("/", 1)
    text = render(
        "wildfly",
        "wildfly.service.j2",
        header=header(PLAN_PATH),
        layout=layout,
        plan=plan,
        java=_java(plan.java_package),
        options=_options(plan),
        memory_max_mb=plan.heap_mb * 3 // 2 + 1024,  # the heap is half of what an archive's JVM uses at most
        proof_folder=folder,
        proof_package=package,
    )
    return RenderedFile(path=layout.UNIT_FILE, content=text)


def _java(package: str) -> str:
    found = re.fullmatch(r"openjdk-(\d+)-jre-headless", package)
    if found is None:
        raise RenderError("GW302", f"{PLAN_PATH}.java_package", package, "Name Debian's openjdk-N-jre-headless.")
    return f"/usr/lib/jvm/java-{found.group(1)}-openjdk-amd64/bin/java"


def _options(plan: WildflyPlan) -> list[str]:
    """Return the options of the virtual machine and the server's first settings, one a line of the unit."""
    configuration = f"{layout.BASE_FOLDER}/configuration"
    files = f"filecount={layout.GC_LOGS_KEPT},filesize={layout.GC_LOG_SIZE}"
    settings = {
        "java.net.preferIPv4Stack": "true",
        "java.awt.headless": "true",
        "jdk.serialFilter": "maxbytes=10485760;maxdepth=128;maxarray=100000;maxrefs=300000",
        "org.jboss.boot.log.file": f"{layout.LOGS}/server.log",
        "logging.configuration": f"file:{configuration}/logging.properties",
        "jboss.home.dir": layout.LINK,
        "jboss.server.base.dir": layout.BASE_FOLDER,
        "jboss.server.log.dir": layout.LOGS,
        "jboss.bind.address": "127.0.0.1",
        "jboss.bind.address.management": "127.0.0.1",
        "jboss.http.port": plan.http_port,
        "jboss.https.port": plan.https_port,
        "jboss.management.http.port": plan.management_port,
        "jboss.node.name": plan.host_name.split(".")[0],
    }
    return [
        f"-Xms{plan.heap_mb // 4}m -Xmx{plan.heap_mb}m -XX:+UseG1GC -XX:+ExitOnOutOfMemoryError",
        f"-Xlog:gc*:file={layout.LOGS}/gc.log:time,uptime,level,tags:{files}",
        *(f'"-D{name}={value}"' for name, value in settings.items()),
        *(f"--add-exports={package}=ALL-UNNAMED" for package in _EXPORTED),
        *(f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED),
    ]
