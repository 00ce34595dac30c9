"""Turns the parameters of ``esxi_host`` into the logins the host is kept with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekit.certificates.authority import Issued
from gatekit.devices.esxi.converge import HostLogin
from gatekit.devices.esxi.host_secrets import HostSecrets
from gatekit.devices.esxi.parameters import Parameters, target
from gatekit.errors import IntentError
from gatekit.plan.appliance import EsxiHostPlan

__all__ = ["host_login"]


def host_login(parameters: Parameters, plan: EsxiHostPlan) -> HostLogin:
    """Return how to log in and with which secrets.

    Raises:
        IntentError: GW107 a password the plan names is missing.
        DeviceError: GW416 the CA's file cannot be read.
    """
    vault: Mapping[str, Any] = parameters["secrets"]
    passwords = {account.name: _secret(vault, account.password) for account in plan.accounts}
    base = {"user": plan.user, "password": passwords[plan.user], "pinned": False}
    reached = target({**parameters, **base}, plan)
    key = parameters["site_ca_key"]
    return HostLogin(
        target=reached,
        administrator=plan.administrator,
        administrator_password=_secret(vault, plan.administrator_password),
        secrets=HostSecrets(passwords, Issued(reached.trusted_pem, key) if key else None),
        fingerprint=parameters["certificate_sha256"] or None,
    )


def _secret(vault: Mapping[str, Any], name: str) -> str:
    value = vault.get(name)
    if not isinstance(value, str) or not value:
        raise IntentError("GW107", f"secrets.{name}", "missing", f"Put it into the vault as {name}.")
    return value
