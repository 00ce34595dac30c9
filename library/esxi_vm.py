#!/usr/bin/python
"""Keep all virtual machines of a standalone ESXi host as planned."""

from __future__ import annotations

DOCUMENTATION = r"""
module: esxi_vm
short_description: Keep all virtual machines of a standalone ESXi host as planned
description:
  - Reads the host once, decides every step for all VMs, then creates, changes, sets the start
    sequence, powers on and waits side by side, or does nothing, and reads the host again.
  - A guest is up when it reports its planned address on its own MAC. Then its first-boot user data is
    cleared from the VM; a keyed fingerprint stays.
  - An existing VM is never made anew. What only changes while it is off needs I(restart_allowed).
  - The disk of a new Linux VM comes from the plan's OVA; one whose import was cut off is made anew.
  - Runs on the controller, with the controller's Python.
options:
  host: {description: Address of the host as the controller reaches it., type: str, required: true}
  port: {description: TCP port of its API., type: int, default: 443}
  user: {description: Account that logs in., type: str, required: true}
  password: {description: The account's password., type: str, required: true}
  ca_pem:
    description: PEM file of the CA that signed the host's certificate, or with I(pinned) of that certificate itself.
    type: path
    required: true
  pinned: {description: The file holds the host's own certificate (first contact)., type: bool, default: false}
  connect_deadline_s: {description: Seconds to wait for the host to answer., type: int, default: 60}
  host_plan:
    description: The esxi part of plan.json; its datastore, autostart and port groups are used.
    type: dict
    required: true
  vms: {description: The vms part of plan.json., type: list, elements: dict, required: true}
  authorized_keys:
    description: Public keys that may log in to the Linux guests as operator.
    type: list
    elements: str
    default: []
  host_keys:
    description: Private ed25519 SSH host key (OpenSSH format) of each Linux guest, by the VM's name.
    type: dict
    default: {}
  extra_config:
    description: Further extraConfig keys by the VM's name, e.g. RUN.container in the twin. No secrets.
    type: dict
    default: {}
  site_folder:
    description: Folder of the site, below which the OVA of the Linux VMs lies (C(image) of I(vms)).
    type: path
    default: ""
  windows:
    description: The windows part of plan.json; without it VM3 is made without installation media.
    type: dict
  windows_setup_password:
    description: The one-time password of Windows' Administrator, which goes onto the answer ISO.
    type: str
  restart_allowed:
    description: Consent to shut a running VM down when its memory, processors, guest id or USB device differ.
    type: bool
    default: false
  guest_deadline_s: {description: Seconds to wait for the guests to report their addresses., type: int, default: 300}
attributes:
  check_mode: {support: full, description: Predicts every write; port groups of the host's plan count as made.}
  diff_mode: {support: full, description: "Shows what changes before and after, never a secret."}
author: gatekit
"""

EXAMPLES = r"""
- name: VMs | Keep as planned
  esxi_vm:
    host: 10.161.4.5
    user: root
    password: "{{ vault.esxi_password }}"
    ca_pem: files/site-ca.pem
    host_plan: "{{ gatekit_plan.esxi }}"
    vms: "{{ gatekit_plan.vms }}"
    authorized_keys: ["{{ lookup('file', 'operator.pub') }}"]
    host_keys: {vm1: "{{ vault.ssh_host_key_vm1 }}"}
"""

RETURN = r"""
changes: {description: One line for each change., type: list, elements: str, returned: success}
code: {description: Error code of gatekit., type: str, returned: failure}
path: {description: What was not usable., type: str, returned: failure}
fix: {description: What to do about it., type: str, returned: failure}
"""

from ansible.module_utils.basic import AnsibleModule

from gatekit.devices.esxi.parameters import host_plan, target
from gatekit.devices.esxi.session import open_session
from gatekit.devices.esxi.vm_build import apply_vms, require_images
from gatekit.devices.esxi.vm_parameters import deadlines, wishes
from gatekit.devices.esxi.vm_plan import plan_vms
from gatekit.devices.esxi.vm_read import observe_site
from gatekit.errors import GatekitError

ARGUMENTS = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 443},
    "user": {"type": "str", "required": True},
    "password": {"type": "str", "required": True, "no_log": True},
    "ca_pem": {"type": "path", "required": True},
    "pinned": {"type": "bool", "default": False},
    "connect_deadline_s": {"type": "int", "default": 60},
    "host_plan": {"type": "dict", "required": True},
    "vms": {"type": "list", "elements": "dict", "required": True},
    "authorized_keys": {"type": "list", "elements": "str", "default": [], "no_log": False},
    "host_keys": {"type": "dict", "default": {}, "no_log": True},
    "extra_config": {"type": "dict", "default": {}},
    "site_folder": {"type": "path", "default": ""},
    "windows": {"type": "dict"},
    "windows_setup_password": {"type": "str", "no_log": True},
    "restart_allowed": {"type": "bool", "default": False},
    "guest_deadline_s": {"type": "int", "default": 300},
}


def main() -> None:
    """Parse, decide, perhaps act, report."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    try:
        plan = host_plan(module.params, "host_plan")
        wished = wishes(module.params, plan, predict=module.check_mode)
        with open_session(target(module.params, plan)) as session:
            changes = plan_vms(observe_site(session), wished)
            require_images(changes)
            if changes.changed and not module.check_mode:
                apply_vms(session, changes, wished, deadlines(module.params))
    except GatekitError as error:
        module.fail_json(msg=str(error), code=error.code, path=error.path, fix=error.fix)
    for note in changes.notes:
        module.warn(note)
    module.exit_json(changed=changes.changed, diff=changes.diff(), changes=changes.lines())


if __name__ == "__main__":
    main()
