"""Switch a VM off and take it out of the start sequence by hand: drift.py FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

from pyVmomi import vim

from tests.stories.esxi.by_hand import finish, host, service, vms

with service(Path(sys.argv[1])) as found:
    vm = vms(found)["vm1"]
    finish(vm.PowerOffVM_Task())
    row = vim.host.AutoStartManager.AutoPowerInfo(
        key=vm,
        startOrder=-1,
        startDelay=-1,
        waitForHeartbeat="no",
        startAction="none",
        stopDelay=-1,
        stopAction="none",
    )
    manager = host(found).configManager.autoStartManager
    manager.ReconfigureAutostart(vim.host.AutoStartManager.Config(powerInfo=[row]))
