#!/usr/bin/python
"""Bring a vendor's CPE unit into our account's reach, prove it after a restart, or wipe it, on its console."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cpe_unit
short_description: Commission, prove or wipe a vendor's CPE unit on its console
description:
  - A unit from its box has no account, no address and no host key. On its console it is given those, and nothing else;
    the module network_device brings the plan. Its host key is pinned when our account first answers.
  - A unit that answers our account under its pinned key is left alone, and its console is not asked.
  - The unit itself has to show the serial number. Somebody else's configuration stays unless I(erase_serial) names it.
  - Runs on the controller, with the controller's Python.
options:
  state:
    description:
      - Our account answers (reachable); the unit is restarted and found as planned (proven); the unit is in its factory
        state, seen after a restart (wiped).
    type: str
    required: true
    choices: [reachable, proven, wiped]
  platform: {description: Operating system as the product catalogue names it., type: str, required: true}
  part: {description: The CPE's part of plan.json., type: dict, required: true}
  unit: {description: Which of the plan's units it is., type: str, default: main, choices: [main, spare]}
  serial: {description: Serial number of a unit that the plan does not name any more., type: str}
  host: {description: The unit's LAN address as the controller reaches it., type: str, required: true}
  port: {description: TCP port of SSH., type: int, default: 22}
  password: {description: Password of our account., type: str, required: true}
  secrets:
    description: Secrets that the configuration names, and C(fingerprint_key) of the devices' record.
    type: dict
    required: true
  build: {description: Folder build/<site>., type: path, required: true}
  record: {description: Folder of what the controller remembers of the devices., type: path, required: true}
  plan_sha256: {description: Of the plan that the part comes from., type: str, default: ""}
  console:
    description: The port of the console server that the unit's console is connected to.
    type: dict
    options:
      host: {description: Address of the console server., type: str, required: true}
      port: {description: Its TCP port that leads to this console., type: int, default: 22}
      user: {description: Account on the console server., type: str, required: true}
      host_public_key: {description: Its pinned host key., type: str, required: true}
      password: {description: Its password; this or I(identity_file)., type: str}
      identity_file: {description: Private key file of the account., type: path}
  erase_serial: {description: Consent to wipe somebody else's configuration off this unit., type: str, default: ""}
  wipe_serial: {description: Consent to wipe exactly this unit., type: str, default: ""}
  by: {description: Who answers for a wipe; stands in its record., type: str, default: ""}
attributes:
  check_mode: {support: full, description: Looks at the unit and says what it would do.}
  diff_mode: {support: none}
author: gatekit
"""

EXAMPLES = r"""
- name: CPE unit | Bring into reach
  cpe_unit:
    state: reachable
    platform: nec_ix
    part: "{{ cpe_plan }}"
    host: 10.161.252.9
    password: "{{ vault.cpe_password }}"
    secrets: {cpe_password: "{{ vault.cpe_password }}", fingerprint_key: "{{ vault.fingerprint_key }}"}
    build: build/pattern2
    record: build/pattern2/devices
    console:
      host: 10.0.0.9
      port: 7001
      user: console
      host_public_key: ssh-ed25519 AAAA
      password: "{{ vault.console_password }}"
"""

RETURN = r"""
serial: {description: Serial number that the unit showed., type: str, returned: when it was looked at}
model: {description: Model that the unit showed., type: str, returned: when it was looked at}
found: {description: Whose configuration was on it., type: str, returned: when it was looked at}
host_key: {description: Its pinned host key., type: str, returned: when it is in reach}
wiped: {description: The record of the wipe., type: dict, returned: when wiped}
code: {description: Error code of gatekit., type: str, returned: failure}
path: {description: What was not usable., type: str, returned: failure}
fix: {description: What to do about it., type: str, returned: failure}
"""

from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from gatekit.devices.commissioning.commission import UnitAccess, bring_into_reach, restart
from gatekit.devices.commissioning.parameters import still_as_planned, unit_access
from gatekit.devices.commissioning.wipe import wipe
from gatekit.errors import GatekitError

CONSOLE = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 22},
    "user": {"type": "str", "required": True},
    "host_public_key": {"type": "str", "required": True, "no_log": False},
    "password": {"type": "str", "no_log": True},
    "identity_file": {"type": "path"},
}
ARGUMENTS = {
    "state": {"type": "str", "required": True, "choices": ["reachable", "proven", "wiped"]},
    "platform": {"type": "str", "required": True},
    "part": {"type": "dict", "required": True},
    "unit": {"type": "str", "default": "main", "choices": ["main", "spare"]},
    "serial": {"type": "str"},
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 22},
    "password": {"type": "str", "required": True, "no_log": True},
    "secrets": {"type": "dict", "required": True, "no_log": True},
    "build": {"type": "path", "required": True},
    "record": {"type": "path", "required": True},
    "plan_sha256": {"type": "str", "default": ""},
    "console": {"type": "dict", "options": CONSOLE, "required_one_of": [("password", "identity_file")]},
    "erase_serial": {"type": "str", "default": ""},
    "wipe_serial": {"type": "str", "default": ""},
    "by": {"type": "str", "default": ""},
}


def reachable(access: UnitAccess, module: AnsibleModule) -> dict[str, Any]:
    """Return what became of a unit that our account has to answer on."""
    done = bring_into_reach(access, erase_serial=module.params["erase_serial"], check=module.check_mode)
    seen = {} if done.unit is None else {"serial": done.unit.serial, "model": done.unit.model, "found": str(done.found)}
    return {"changed": done.changed, "host_key": done.host_key, **seen}


def proven(access: UnitAccess, module: AnsibleModule) -> dict[str, Any]:
    """Return that a restart left the unit as planned; a restart is an act, not a change of what it is."""
    if not module.check_mode:
        restart(access)
        still_as_planned(access, module.params)
    return {"changed": False}


def wiped(access: UnitAccess, module: AnsibleModule) -> dict[str, Any]:
    """Return the record of a wipe."""
    record = wipe(access, agreed_serial=module.params["wipe_serial"], by=module.params["by"], check=module.check_mode)
    return {"changed": record.changed, "wiped": record.model_dump(mode="json")}


STATES: dict[str, Callable[[UnitAccess, AnsibleModule], dict[str, Any]]] = {
    "reachable": reachable,
    "proven": proven,
    "wiped": wiped,
}


def main() -> None:
    """Parse, act, report."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True, required_if=[("state", "wiped", ("by", "serial"))])
    try:
        with unit_access(module.params) as access:
            result = STATES[module.params["state"]](access, module)
    except GatekitError as error:
        module.fail_json(msg=str(error), code=error.code, path=error.path, fix=error.fix)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
