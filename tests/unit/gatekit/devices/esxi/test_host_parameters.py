"""Parameters of esxi_host: the plan names the secrets, the caller gives them, nobody shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gatekit.devices.esxi.host_parameters import host_login
from gatekit.errors import IntentError
from tests.unit.gatekit.devices.esxi.planned_host import plan

SECRETS = {
    "esxi_password": "secret-of-root",
    "esxi_automation_password": "secret-of-gwauto",
    "esxi_ups_password": "secret-of-gwups",
}


@pytest.fixture
def parameters(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "ca.pem").write_text("the site's CA")
    return {
        "host": "10.161.4.5", "port": 443, "secrets": SECRETS, "ca_pem": str(tmp_path / "ca.pem"), "site_ca_key": "",
        "certificate_sha256": "", "connect_deadline_s": 60,
    }  # fmt: skip


def test_the_automation_account_logs_in_and_the_administrator_stands_by(parameters: dict[str, Any]) -> None:
    login = host_login(parameters, plan())
    assert (login.target.user, login.target.password) == ("gwauto", "secret-of-gwauto")
    assert (login.administrator, login.administrator_password) == ("root", "secret-of-root")
    assert dict(login.secrets.passwords) == {"gwauto": "secret-of-gwauto", "gwups": "secret-of-gwups"}
    assert (login.secrets.authority, login.fingerprint) == (None, None)


def test_with_the_cas_key_the_certificate_can_be_signed(parameters: dict[str, Any]) -> None:
    login = host_login(parameters | {"site_ca_key": "secret-key", "certificate_sha256": "ab" * 32}, plan())
    assert login.secrets.authority is not None
    assert (login.secrets.authority.certificate, login.secrets.authority.key) == ("the site's CA", "secret-key")
    assert login.fingerprint == "ab" * 32


def test_no_secret_shows_in_a_representation(parameters: dict[str, Any]) -> None:
    shown = repr(host_login(parameters | {"site_ca_key": "secret-key"}, plan()))
    assert "secret" not in shown.replace("secrets=HostSecrets", "")


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_password_is_named_and_no_other_shown(
    parameters: dict[str, Any], name: str, value: str | None
) -> None:
    with pytest.raises(IntentError) as caught:
        host_login(parameters | {"secrets": SECRETS | {name: value}}, plan())
    assert caught.value.facts == ("GW107", f"secrets.{name}", "missing", f"Put it into the vault as {name}.")
