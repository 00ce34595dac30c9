"""From the site file's UPS to the shutdown in order (AP-5)."""

from __future__ import annotations

from gatekit.catalogue.appliance import appliance
from gatekit.intent.load import Intent
from gatekit.intent.rules.ups import shutdown_budget
from gatekit.intent.ups import NetworkCard
from gatekit.plan.addresses import dmz_address
from gatekit.plan.flow import SecretName
from gatekit.plan.ups import UpsCable, UpsCard, UpsHost, UpsMachine, UpsPlan


def ups_plan(intent: Intent) -> UpsPlan | None:
    """Return the UPS's part; None at a site without one."""
    given, facts, budget = intent.site.ups, appliance(), shutdown_budget()
    if given is None:
        return None
    account = facts.ups.host_account
    return UpsPlan(
        name="gwups",
        model=given.model,
        connection=_card(intent, given.connection)
        if isinstance(given.connection, NetworkCard)
        else UpsCable(**given.connection.model_dump()),
        server=facts.ups.server,
        server_address=dmz_address(intent, facts.ups.server),
        port=facts.ports["nut"],
        client="vm1",
        on_battery_s=given.minutes_on_battery * 60,
        reserve_s=given.low_battery_reserve_minutes * 60,
        machines=tuple(
            UpsMachine(name=name, begins_s=begins_s, stop_s=stop_s)
            for name, (begins_s, stop_s) in budget.machines.items()
        ),
        order_s=facts.ups.order_s,
        program_s=budget.program,
        cut_after_s=budget.cut,
        whole_s=budget.whole,
        host=UpsHost(
            address=dmz_address(intent, "esxi"),
            port=facts.ports["https"],
            account=account,
            password=facts.esxi.accounts[account].password,
        ),
        server_password="ups_server_password",  # noqa: S106 - a name in the vault
        client_password="ups_client_password",  # noqa: S106 - as before
        command_password="ups_command_password",  # noqa: S106 - as before
    )


def _card(intent: Intent, given: NetworkCard) -> UpsCard:
    return UpsCard(
        address=dmz_address(intent, "ups"),
        port=appliance().ports["snmp"],
        mibs=given.mibs,
        account=given.account,
        authentication=given.authentication,
        authentication_password="ups_snmp_authentication_password",  # noqa: S106 - a name in the vault
        privacy=given.privacy,
        privacy_password="ups_snmp_privacy_password",  # noqa: S106 - as before
    )


def ups_role_secrets(plan: UpsPlan, machine: str) -> tuple[SecretName, ...]:
    """Return the names of the secrets that the role lays down on a machine, and no others."""
    return (plan.client_password,) if machine == plan.client else (*ups_secrets(plan), plan.host.password)


def ups_secrets(plan: UpsPlan | None) -> tuple[SecretName, ...]:
    """Return the names of the secrets that only the UPS needs; the host's account is the host's."""
    if plan is None:
        return ()
    card = plan.connection
    asked = (card.authentication_password, card.privacy_password) if isinstance(card, UpsCard) else ()
    return (plan.server_password, plan.client_password, plan.command_password, *asked)
