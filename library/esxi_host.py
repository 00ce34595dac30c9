#!/usr/bin/python
"""Keep a standalone ESXi host as planned."""

from __future__ import annotations

DOCUMENTATION = r"""
module: esxi_host
short_description: Keep a standalone ESXi host as planned
description:
  - Reads the host once, decides every change of roles, accounts and permissions, certificate, vSwitches, port groups,
    vmkernel interfaces, gateway, DNS, advanced options, NTP, services, datastore and firewall, then writes exactly
    those changes or nothing, and reads the host again.
  - Logs in with the automation account of the plan. Where that is not possible yet, or roles, accounts or permissions
    differ, the administrator's account is used, and the proof at the end is read with the automation account.
  - What the plan and the hardening baseline do not name is left alone. Autostart is set by M(esxi_vm), since it names
    the VMs.
  - Runs on the controller, with the controller's Python.
options:
  host: {description: Address of the host as the controller reaches it., type: str, required: true}
  port: {description: TCP port of its API., type: int, default: 443}
  secrets:
    description: The passwords the plan names, by their names in the vault.
    type: dict
    required: true
  ca_pem: {description: PEM file of the site's CA., type: path, required: true}
  site_ca_key:
    description: Private key (PEM) of that CA; without it the host's certificate is not renewed.
    type: str
    default: ""
  certificate_sha256:
    description: SHA-256 of the factory certificate, from the host's console or install record, for the first contact.
    type: str
    default: ""
  connect_deadline_s: {description: Seconds to wait for the host to answer., type: int, default: 60}
  plan: {description: The esxi part of plan.json., type: dict, required: true}
attributes:
  check_mode: {support: full, description: Predicts every write.}
  diff_mode: {support: full, description: "Shows what changes before and after, never a secret."}
author: gatekit
"""

EXAMPLES = r"""
- name: Host | Keep as planned
  esxi_host:
    host: 10.161.4.5
    secrets: "{{ vault | secrets_named(esxi_secret_names) }}"
    ca_pem: files/site-ca.pem
    site_ca_key: "{{ vault.site_ca_key | default('') }}"
    plan: "{{ gatekit_plan.esxi }}"
"""

RETURN = r"""
changes: {description: One line for each change., type: list, elements: str, returned: success}
code: {description: Error code of gatekit., type: str, returned: failure}
path: {description: What was not usable., type: str, returned: failure}
fix: {description: What to do about it., type: str, returned: failure}
"""

from datetime import UTC, datetime

from ansible.module_utils.basic import AnsibleModule

from gatekit.devices.esxi.converge import converge_host, deviation_notes
from gatekit.devices.esxi.host_parameters import host_login
from gatekit.devices.esxi.parameters import host_plan
from gatekit.errors import GatekitError

ARGUMENTS = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 443},
    "secrets": {"type": "dict", "required": True, "no_log": True},
    "ca_pem": {"type": "path", "required": True},
    "site_ca_key": {"type": "str", "default": "", "no_log": True},
    "certificate_sha256": {"type": "str", "default": ""},
    "connect_deadline_s": {"type": "int", "default": 60},
    "plan": {"type": "dict", "required": True},
}


def main() -> None:
    """Parse, decide, perhaps act, report."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    try:
        plan = host_plan(module.params, "plan")
        changes = converge_host(host_login(module.params, plan), plan, check=module.check_mode)
    except GatekitError as error:
        module.fail_json(msg=str(error), code=error.code, path=error.path, fix=error.fix)
    for note in (*changes.notes, *deviation_notes(plan, datetime.now(UTC).date())):
        module.warn(note)
    module.exit_json(changed=changes.changed, diff=changes.diff(), changes=changes.lines())


if __name__ == "__main__":
    main()
