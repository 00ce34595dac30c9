#!/usr/bin/python
"""Keep a standalone ESXi host as planned."""

from __future__ import annotations

DOCUMENTATION = r"""
module: esxi_host
short_description: Keep a standalone ESXi host as planned
description:
  - Reads the host once, decides every change of vSwitches, port groups, DNS, NTP and services, then
    writes exactly those changes or nothing, and reads the host again.
  - What the plan does not name is left alone. Autostart is set by M(esxi_vm), since it names the VMs.
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
  plan: {description: The esxi part of plan.json., type: dict, required: true}
attributes:
  check_mode: {support: full, description: Predicts every write.}
  diff_mode: {support: full, description: Shows what changes before and after.}
author: gatekit
"""

EXAMPLES = r"""
- name: Host | Keep as planned
  esxi_host:
    host: 10.161.4.5
    user: root
    password: "{{ vault.esxi_password }}"
    ca_pem: files/site-ca.pem
    plan: "{{ gatekit_plan.esxi }}"
"""

RETURN = r"""
changes: {description: One line for each change., type: list, elements: str, returned: success}
code: {description: Error code of gatekit., type: str, returned: failure}
path: {description: What was not usable., type: str, returned: failure}
fix: {description: What to do about it., type: str, returned: failure}
"""

from ansible.module_utils.basic import AnsibleModule

from gatekit.devices.esxi import apply_host, observe_host, open_session, plan_host
from gatekit.devices.esxi.parameters import host_plan, target
from gatekit.errors import GatekitError

ARGUMENTS = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 443},
    "user": {"type": "str", "required": True},
    "password": {"type": "str", "required": True, "no_log": True},
    "ca_pem": {"type": "path", "required": True},
    "pinned": {"type": "bool", "default": False},
    "connect_deadline_s": {"type": "int", "default": 60},
    "plan": {"type": "dict", "required": True},
}


def main() -> None:
    """Parse, decide, perhaps act, report."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    try:
        plan = host_plan(module.params, "plan")
        with open_session(target(module.params, plan)) as session:
            changes = plan_host(observe_host(session), plan)
            if changes.changed and not module.check_mode:
                apply_host(session, changes, plan)
    except GatekitError as error:
        module.fail_json(msg=str(error), code=error.code, path=error.path, fix=error.fix)
    module.exit_json(changed=changes.changed, diff=changes.diff(), changes=changes.lines())


if __name__ == "__main__":
    main()
