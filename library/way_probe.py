#!/usr/bin/python
"""Ansible module: ask other hosts whether the ways through a changed device still work; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: way_probe
short_description: Ask which ways through a device work, before and after its change
description:
  - Phase C(before) says which probes pass. Phase C(after) asks those again, until all pass or the time is over, and
    fails with what was found instead; the caller then takes the change back.
  - For devices whose change modules on the host make; C(network_device) asks by itself.
  - Runs on the controller, with the controller's Python.
options:
  phase: {description: What to ask for., type: str, choices: [before, after], required: true}
  device: {description: The changed device., type: str, required: true}
  probes: {required: true}
  worked: {description: Names of those that passed before the change., type: list, elements: str, default: []}
  within_s: {description: Seconds until all have to pass., type: int, default: 20}
extends_documentation_fragment: device_probes
attributes:
  check_mode: {support: full, description: Asks nobody; nothing was changed.}
  diff_mode: {support: none, description: Has nothing to show.}
"""

EXAMPLES = r"""
- name: Ways | Ask which of them work
  way_probe:
    phase: before
    device: firewall
    probes:
      - name: VM1 to the PACS
        target: {backend: "ssh://vm1?ssh_config=F", zone: dmz, address: 10.161.4.10}
        question: {op: tcp, address: 192.168.30.10, port: 104, timeout_s: 3}
"""

RETURN = r"""
worked: {description: Names of the probes that passed., type: list, elements: str, returned: success}
code: {description: Error code of gatekit., type: str, returned: failure}
path: {description: What was not usable., type: str, returned: failure}
fix: {description: What to do about it., type: str, returned: failure}
"""

from ansible.module_utils.basic import AnsibleModule

from gatekit.devices.change.parameters import PROBE_OPTIONS, asked_probes
from gatekit.devices.change.probing import require_ways, ways_that_work
from gatekit.errors import GatekitError

ARGUMENTS = {
    "phase": {"type": "str", "choices": ["before", "after"], "required": True},
    "device": {"type": "str", "required": True},
    "probes": {"type": "list", "elements": "dict", "required": True, "options": PROBE_OPTIONS},
    "worked": {"type": "list", "elements": "str", "default": []},
    "within_s": {"type": "int", "default": 20},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg = module.params
    if module.check_mode:
        module.exit_json(changed=False, worked=[])
    try:
        probes = {row["name"]: probe for probe, row in asked_probes(arg["probes"])}
        if arg["phase"] == "before":
            worked = ways_that_work(probes)
        else:
            worked = arg["worked"]
            require_ways(arg["device"], [probes[name] for name in worked], arg["within_s"])
    except GatekitError as error:
        module.fail_json(msg=str(error), code=error.code, path=error.path, fix=error.fix)
    module.exit_json(changed=False, worked=worked)


if __name__ == "__main__":
    main()
