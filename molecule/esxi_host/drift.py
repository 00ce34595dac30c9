"""Undo parts of the host's plan by hand: drift.py FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

from pyVmomi import vim

from tests.stories.esxi.by_hand import host, service

with service(Path(sys.argv[1])) as found:
    manager = host(found).configManager
    manager.serviceSystem.StartService("TSM-SSH")
    manager.networkSystem.RemovePortGroup("GW-SPARE")
    manager.firewallSystem.UpdateRuleset(
        "vMotion", vim.host.Ruleset.RulesetSpec(allowedHosts=vim.host.Ruleset.IpList(allIp=True))
    )
    manager.dateTimeSystem.UpdateDateTimeConfig(vim.host.DateTimeConfig(ntpConfig=vim.host.NtpConfig(server=[])))
