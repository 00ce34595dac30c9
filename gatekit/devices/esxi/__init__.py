"""One standalone ESXi host: observe -> change set -> apply -> read again. No pyVmomi object leaves here.

Importing this package costs half a second (pyVmomi), so import it only where a host is spoken to.
"""

from gatekit.devices.esxi.changes import Change, ChangeSet
from gatekit.devices.esxi.converge import HostLogin, converge_host, deviation_notes
from gatekit.devices.esxi.host import HostChanges, apply_host, observe_host, plan_host
from gatekit.devices.esxi.session import Session, Target, open_session
from gatekit.devices.esxi.vm_build import Deadlines, apply_vms, require_images
from gatekit.devices.esxi.vm_plan import VmChanges, plan_vms
from gatekit.devices.esxi.vm_read import observe_site
from gatekit.devices.esxi.vm_state import VmWish, Wishes

__all__ = [
    "Change",
    "ChangeSet",
    "Deadlines",
    "HostChanges",
    "HostLogin",
    "Session",
    "Target",
    "VmChanges",
    "VmWish",
    "Wishes",
    "apply_host",
    "apply_vms",
    "converge_host",
    "deviation_notes",
    "observe_host",
    "observe_site",
    "open_session",
    "plan_host",
    "plan_vms",
    "require_images",
]
