"""targets.json from Ansible's variables: the one place that knows how an inventory names its probes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address
from typing import Any

from gatekit.plan.flow import Zone
from gatekit.plan.model import Plan
from gatekit.probes.target import ProbeTarget
from gatekit.verify.targets import EsxiTarget, HostTarget, LogTarget, Targets

HOSPITAL_SCAN_RATE_PPS = 2000
"""What a hospital's network carries without being felt: 2,000 SYN packets a second are about 1 Mbit/s."""

type Variables = Mapping[str, Mapping[str, Any]]


def site_targets(plan: Plan, sha256: str, build: str, groups: Mapping[str, Sequence[str]], facts: Variables) -> Targets:
    """Return where the questions of verification are asked.

    ``groups`` and ``facts`` are Ansible's; ``verification`` (optional, a connection fact) says what only the
    surroundings know: ``twin``, ``scan_rate_pps``, ``absent``, ``tiers``, ``log``.
    """
    ssh = {name: f"ssh://{name}?ssh_config={build}/ssh_config&sudo=true" for name in groups.get("ssh_hosts", ())}
    known: Mapping[str, Any] = facts["esxi"].get("verification", {})
    esxi = facts["esxi"]
    return Targets(
        schema_version=1,
        site=plan.site,
        plan_sha256=sha256,
        twin=known.get("twin", False),
        hosts={name: HostTarget(backend=backend) for name, backend in ssh.items()},
        probes=_own_probes(plan, ssh)
        | {facts[name]["probe_name"]: _probe(facts[name]) for name in groups.get("probes", ())},
        esxi=EsxiTarget(address=str(esxi["ansible_host"]), user=plan.esxi.user, ca_file=esxi["esxi_ca_file"]),
        log=LogTarget.model_validate(known["log"]) if "log" in known else None,
        absent=known.get("absent", {}),
        tiers=known.get("tiers", {}),
        scan_rate_pps=known.get("scan_rate_pps", HOSPITAL_SCAN_RATE_PPS),
        parallel_probes=known.get("parallel_probes", 2),
    )


def _own_probes(plan: Plan, ssh: Mapping[str, str]) -> dict[str, ProbeTarget]:
    """Return what is a source of traffic at every site: the Linux guests and this machine."""
    guests = {
        vm.name: ProbeTarget(backend=ssh[vm.name], zone=Zone.DMZ, address=vm.address)
        for vm in plan.vms
        if vm.name in ssh
    }
    controller = IPv4Address(str(plan.address("staging_controller")))
    return guests | {"staging_controller": ProbeTarget(backend="local://", zone=Zone.DMZ, address=controller)}


def _probes(rows: Iterable[Mapping[str, Any]]) -> dict[str, ProbeTarget]:
    return {facts["probe_name"]: _probe(facts) for facts in rows}


def _probe(facts: Mapping[str, Any]) -> ProbeTarget:
    given = {name: facts.get(f"probe_{name}") for name in ("ca_file", "certificate", "key")}
    return ProbeTarget(
        backend=facts["probe_backend"],
        zone=Zone(facts["probe_zone"]),
        address=IPv4Address(facts["probe_address"]),
        ca_file=given["ca_file"],
        certificate=given["certificate"],
        key=given["key"],
    )
