"""The files and units of VM1's front; one place for what the role lays down and runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekit.plan.vm1.model import ApachePlan, PathRule
from gatekit.render.apache.access import parts_of
from gatekit.render.edge import plain
from gatekit.render.text import RenderedFile, as_file_set, header, render

__all__ = ["apache_role_input", "front_files", "front_units"]

CONFIGURATION = "/etc/apache2/apache2.conf"
FOLDER = "/etc/apache2/gatekit"
BODY_INSPECTION = f"{FOLDER}/modsecurity.conf"
EXCLUSIONS = f"{FOLDER}/modsecurity-exclusions.conf"
LOG_FILTER = f"{FOLDER}/error-log.sed"
CERTIFICATE = f"{FOLDER}/certificate-and-key.pem"
UNIT_SETTINGS = "/etc/systemd/system/apache2.service.d/60-gatekit.conf"
COLLECTIONS = "/var/cache/modsecurity"
_CHECKER = "apache2 -t -f %s"
# "apache2 -t" does not look into certificates; with another key than the certificate's, Apache ends at its reload.
_CERTIFICATE_CHECKER = (
    'python3 -I -c "import ssl, sys; ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(sys.argv[1])" %s'
)
_MODULES = (
    "mpm_event",
    "authz_core",
    "authz_host",
    "headers",
    "proxy",
    "proxy_http",
    "reqtimeout",
    "rewrite",
    "setenvif",
    "socache_shmcb",
    "ssl",
    "unique_id",
)


def apache_role_input(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``files`` for file_set and ``units`` for unit_set from the front's part of the plan."""
    apache = ApachePlan.model_validate(plain(plan))
    return {"files": as_file_set(front_files(apache)), "units": front_units()}


def front_files(plan: ApachePlan) -> tuple[RenderedFile, ...]:
    """Return everything on the disk that is ours; certificate and key only by their names in the vault."""
    certificate, key = plan.certificate.certificate, plan.certificate.key
    return (
        RenderedFile(path=COLLECTIONS, state="directory", mode="0700", owner="www-data", group="www-data"),
        RenderedFile(path=CONFIGURATION, content=_configuration(plan), checker=_CHECKER),
        _read("modsecurity.conf.j2", BODY_INSPECTION, plan),
        _read("modsecurity-exclusions.conf.j2", EXCLUSIONS, plan),
        _read("error-log.sed.j2", LOG_FILTER, plan),
        RenderedFile(
            path=CERTIFICATE,
            content=f"<secret {certificate}>\n<secret {key}>\n",
            mode="0600",
            checker=_CERTIFICATE_CHECKER,
            checked_with=CONFIGURATION,
        ),
        RenderedFile(path=UNIT_SETTINGS, content=render("apache", "apache2.service.conf.j2", **_values(plan))),
    )


def front_units() -> list[dict[str, Any]]:
    """Return the unit; new files are read by a graceful reload, which cuts no transfer."""
    reads = [CONFIGURATION, BODY_INSPECTION, EXCLUSIONS, LOG_FILTER, CERTIFICATE]
    return [
        {
            "name": "apache2.service",
            "enablement": "enabled",
            "activity": "running",
            "reads": reads,
            "rereads": "reloaded",
        }
    ]


def _read(template: str, path: str, plan: ApachePlan) -> RenderedFile:
    return RenderedFile(path=path, content=render("apache", template, **_values(plan)), checked_with=CONFIGURATION)


def _configuration(plan: ApachePlan) -> str:
    return render("apache", "apache2.conf.j2", **_values(plan))


def _values(plan: ApachePlan) -> dict[str, object]:
    return {
        "header": header("vm1.apache"),
        "apache": plan,
        "modules": _MODULES,
        "rules": [_rule(rule, plan) for rule in plan.paths],
        "methods": sorted({method for rule in plan.paths for method in rule.methods}),
        "inspection": BODY_INSPECTION,
        "exclusions": EXCLUSIONS,
        "log_filter": LOG_FILTER,
        "certificate": CERTIFICATE,
        "collections": COLLECTIONS,
        "body_limit_bytes": plan.request_body_limit_mb * 1024 * 1024,
    }


def _rule(rule: PathRule, plan: ApachePlan) -> dict[str, object]:
    """Return one path as the template needs it; ``originals`` says that OP-2 lets this path hand them out."""
    return {
        "path": rule.path,
        "backend": rule.backend,
        "sources": " ".join(str(network) for network in rule.sources),
        "methods": " ".join(rule.methods),
        "content": rule.content,
        "parts": parts_of(rule, plan),
        "originals": plan.images_may_be_downloaded or rule.content != "dicomweb",
    }
