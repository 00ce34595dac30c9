"""The PACS GatewayService's files on VM1: configuration, secrets, unit, command (IN-2 .. IN-4)."""

from __future__ import annotations

import json

from gatekit.plan.vm1.model import PacsGatewayPlan
from gatekit.render.text import RenderedFile, header, render

__all__ = ["ENVIRONMENT", "SECRETS_FOLDER", "UNIT", "gateway_files"]

ENVIRONMENT = "/opt/gatekit-pacs-gateway"
SECRETS_FOLDER = "/etc/gatekit/pacs_gateway"
UNIT = "gatekit-pacs-gateway.service"


def gateway_files(plan: PacsGatewayPlan) -> tuple[RenderedFile, ...]:
    """Return every file; the secrets are root's, systemd hands them to the unit alone (LoadCredential=)."""
    document = json.dumps({"gateway": plan.model_dump(mode="json")}, indent=2, sort_keys=True, ensure_ascii=False)
    values = {"environment": ENVIRONMENT, "secrets": SECRETS_FOLDER, "unit": UNIT, "gateway": plan}
    unit = render("pacs_gateway", "gatekit-pacs-gateway.service.j2", header=header("vm1.pacs_gateway"), **values)
    command = render("pacs_gateway", "gatekit-pacs.j2", header=header("vm1.pacs_gateway"), **values)
    return (
        RenderedFile(path=plan.configuration_file, content=document + "\n", group=plan.account, mode="0640"),
        RenderedFile(path=SECRETS_FOLDER, state="directory", mode="0700"),
        RenderedFile(path=f"{SECRETS_FOLDER}/database_password", content=_secret(plan.database.password), mode="0600"),
        RenderedFile(path=f"{SECRETS_FOLDER}/patient_hash_key", content=_secret(plan.patient_hash_key), mode="0600"),
        RenderedFile(path=f"/etc/systemd/system/{UNIT}", content=unit),
        RenderedFile(path="/usr/local/bin/gatekit-pacs", content=command, mode="0755"),
    )


def _secret(name: str) -> str:
    return f"<secret {name}>\n"
