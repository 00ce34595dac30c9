#!/usr/bin/python
"""Ask a standalone ESXi host how it is, and fail when something is bad."""

from __future__ import annotations

DOCUMENTATION = r"""
module: esxi_health
short_description: Ask a standalone ESXi host how it is
description:
  - Reads hardware sensors, datastore space, snapshots, the planned machines' state, and when certificate and licence
    end, judges them, and writes health.json and health.md into the site's build folder.
  - Fails when a finding is bad, after the record is written, with every finding as its message.
  - Changes nothing on the host; the record on the controller is no change of a managed host.
  - Runs on the controller, with the controller's Python.
options:
  host: {description: Address of the host as the controller reaches it., type: str, required: true}
  port: {description: TCP port of its API., type: int, default: 443}
  password: {description: Password of the plan's automation account., type: str, required: true}
  ca_pem: {description: PEM file of the site's CA., type: path, required: true}
  connect_deadline_s: {description: Seconds to wait for the host to answer., type: int, default: 60}
  plan: {description: The esxi part of plan.json., type: dict, required: true}
  machines: {description: Names of the machines that have to run., type: list, elements: str, required: true}
  build: {description: Build folder of the site with its plan.json; takes the record., type: path, required: true}
attributes:
  check_mode: {support: full, description: "Asks as always and writes no record."}
  diff_mode: {support: none, description: There is nothing to change.}
author: gatekit
"""

EXAMPLES = r"""
- name: Health | Ask the host
  esxi_health:
    host: 10.161.4.5
    password: "{{ vault.esxi_password }}"
    ca_pem: files/site-ca.pem
    plan: "{{ gatekit_plan.esxi }}"
    machines: [vm1, vm2, vm3]
    build: build/kita
"""

RETURN = r"""
findings: {description: Every finding with its verdict., type: list, elements: dict, returned: always}
lines:
  description: One line a finding, Japanese and English, the worst first.
  type: list
  elements: str
  returned: always
code: {description: Error code of gatekit., type: str, returned: when the host could not be asked}
path: {description: What was not usable., type: str, returned: when the host could not be asked}
fix: {description: What to do about it., type: str, returned: when the host could not be asked}
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from gatekit.devices.esxi.health import judge
from gatekit.devices.esxi.health_read import observe_health
from gatekit.devices.esxi.health_record import health_record, keep
from gatekit.devices.esxi.parameters import host_plan, target
from gatekit.devices.esxi.session import open_session
from gatekit.errors import GatekitError

ARGUMENTS = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 443},
    "password": {"type": "str", "required": True, "no_log": True},
    "ca_pem": {"type": "path", "required": True},
    "connect_deadline_s": {"type": "int", "default": 60},
    "plan": {"type": "dict", "required": True},
    "machines": {"type": "list", "elements": "str", "required": True},
    "build": {"type": "path", "required": True},
}


def main() -> None:
    """Parse, ask, judge, record, report."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    given, build = module.params, Path(module.params["build"])
    try:
        plan = host_plan(given, "plan")
        with open_session(target({**given, "user": plan.user, "pinned": False}, plan)) as session:
            state = observe_health(session)
        record = health_record(build, state, judge(state, given["machines"]))
        if not module.check_mode:
            keep(build, record)
    except GatekitError as error:
        module.fail_json(msg=str(error), code=error.code, path=error.path, fix=error.fix)
    result = {"findings": record.model_dump(mode="json")["findings"], "lines": record.lines()}
    if record.bad:
        module.fail_json(msg="\n".join(record.lines()), **result)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
