"""Where the questions are asked: ``build/<site>/targets.json``, written by the play that built the site.

Connection facts only; whatever follows from the plan is not repeated here. A real site and the twin
differ in this file and in nothing else.
"""

from __future__ import annotations

from typing import Literal

from gatekit.model import Frozen, Text
from gatekit.probes.target import ProbeTarget

type Tier = Literal[1, 2]
"""1 = proved by packets or the real server, 2 = proved against a simulator and the vendor's reference."""


class HostTarget(Frozen):
    """A device that is read, by testinfra; ``backend`` is a testinfra URL, e.g. ``ssh://vm1?ssh_config=F&sudo=true``."""

    backend: str


class EsxiTarget(Frozen):
    """The ESXi API. The password is never in a file: environment variable ``GATEKIT_ESXI_PASSWORD``."""

    address: str
    port: int = 443
    user: str
    ca_file: str


class LogTarget(Frozen):
    """Where the syslog server keeps what it receives: ``probe`` reads ``files`` (glob patterns) there."""

    probe: str
    files: tuple[str, ...]


class Targets(Frozen):
    """Everything verification needs to know about how to reach a site."""

    schema_version: Literal[1]
    site: str
    plan_sha256: str
    twin: bool
    hosts: dict[str, HostTarget]  # vm1 vm2 firewall l3_switch
    probes: dict[str, ProbeTarget]  # his_terminal pacs department viewer dc_services dc_portal vm1 vm2 staging
    esxi: EsxiTarget | None
    log: LogTarget | None
    absent: dict[str, Text]  # plan name -> why nobody is there, e.g. vm3 on the twin
    tiers: dict[str, Tier]  # plan name -> tier; a name that is not there is tier 1
    scan_rate_pps: int  # SYN packets a second from one source: 2000 at a hospital, far more on the twin
    parallel_probes: int = 2
