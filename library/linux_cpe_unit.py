#!/usr/bin/python
"""Know a Linux CPE unit by its label, refuse another site's, or wipe it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: linux_cpe_unit
short_description: Label a Linux CPE unit or wipe it
description:
  - A Linux unit has no serial number that a program could read; it is labelled when it is commissioned.
  - A unit with another label, or with another site's tunnel, is refused.
  - A wipe stops our units and removes every file of ours, every IPsec connection, and the log; a tunnel that is up
    refuses it.
options:
  state:
    description: Whether the unit is this site's or nobody's and bears its label (labelled), or holds nothing (wiped).
    type: str
    required: true
    choices: [labelled, wiped]
  serial: {description: Serial number as it stands on the unit., type: str, required: true}
  identity: {description: The site's identity in IKE., type: str, required: true}
  paths: {description: Files that the role lays down., type: list, elements: str, default: []}
  units: {description: Units that the role enables., type: list, elements: str, default: []}
  table: {description: The packet filter's table., type: str, default: inet gatekit_fw}
  erase_serial: {description: Consent to replace another site's tunnel on this unit., type: str, default: ""}
attributes:
  check_mode: {support: full, description: Looks, and says whether it would write.}
  diff_mode: {support: none}
author: gatekit
"""

EXAMPLES = r"""
- name: CPE unit | Know it by its label
  linux_cpe_unit:
    state: labelled
    serial: CPE-0201
    identity: gw-minami.idlink.example.jp
"""

RETURN = r"""
found: {description: Whose tunnel was on it., type: str, returned: success}
removed: {description: What a wipe removed., type: list, elements: str, returned: when wiped}
left: {description: What is still there after a wipe., type: list, elements: str, returned: when wiped}
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import linux_unit
from ansible.module_utils.gatekit.errors import NodeError

ROOT = Path("/")
ARGUMENTS = {
    "state": {"type": "str", "required": True, "choices": ["labelled", "wiped"]},
    "serial": {"type": "str", "required": True},
    "identity": {"type": "str", "required": True},
    "paths": {"type": "list", "elements": "str", "default": []},
    "units": {"type": "list", "elements": "str", "default": []},
    "table": {"type": "str", "default": "inet gatekit_fw"},
    "erase_serial": {"type": "str", "default": ""},
}


def labelled(module: AnsibleModule, found: linux_unit.Found) -> dict[str, object]:
    """Return the result for a unit that is to bear its label."""
    given = module.params
    linux_unit.refuse_another(found, given["serial"], given["identity"], erase_serial=given["erase_serial"])
    if module.check_mode:
        return {"changed": found.serial != given["serial"]}
    return {"changed": linux_unit.label(ROOT, given["serial"])}


def wiped(module: AnsibleModule, found: linux_unit.Found) -> dict[str, object]:
    """Return the result for a unit that is to hold nothing; the label has to be the one agreed to."""
    given = module.params
    if not (found.serial or found.identities or found.files):
        return {"changed": False, "removed": [], "left": []}
    linux_unit.refuse_labelled(found, given["serial"])
    linux_unit.refuse_in_use()
    if module.check_mode:
        return {"changed": True, "removed": [], "left": list(found.files)}
    removed = linux_unit.wipe(ROOT, given["paths"], given["units"], given["table"])
    left = linux_unit.examine(ROOT, given["paths"])
    return {"changed": True, "removed": removed, "left": [*left.files, *left.identities]}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    try:
        found = linux_unit.examine(ROOT, module.params["paths"])
        result = {"labelled": labelled, "wiped": wiped}[module.params["state"]](module, found)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(found=found.condition(module.params["identity"]), **result)


if __name__ == "__main__":
    main()
