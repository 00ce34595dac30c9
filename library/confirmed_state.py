#!/usr/bin/python
"""Ansible module: remember a state that was confirmed, or recall one; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: confirmed_state
short_description: Remember on the node what was confirmed, and recall it for a rollback
description:
  - Phase C(remembered) makes the state the newest of five; it names its secrets as C(<secret NAME>) and holds none.
  - Phase C(recalled) reads the last one that was confirmed, or the one before it, and changes nothing.
options:
  phase: {description: What to do., type: str, choices: [remembered, recalled], required: true}
  name: {description: Name of what is remembered., type: str, required: true}
  state: {description: The state; needed to remember., type: dict}
  which: {description: Which one to recall., type: str, choices: [confirmed, earlier], default: earlier}
attributes:
  check_mode: {support: full, description: Remembers nothing.}
  diff_mode: {support: none, description: Has nothing to show.}
"""

EXAMPLES = r"""
- name: Router | Recall what was confirmed before
  confirmed_state: {phase: recalled, name: firewall, which: earlier}
"""

RETURN = r"""
state: {description: The state., type: dict, returned: phase recalled}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import confirmed_states
from ansible.module_utils.gatekit.errors import NodeError

ARGUMENTS = {
    "phase": {"type": "str", "choices": ["remembered", "recalled"], "required": True},
    "name": {"type": "str", "required": True},
    "state": {"type": "dict"},
    "which": {"type": "str", "choices": ["confirmed", "earlier"], "default": "earlier"},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, required_if=[("phase", "remembered", ("state",))], supports_check_mode=True)
    arg = module.params
    try:
        if arg["phase"] == "recalled":
            module.exit_json(changed=False, state=confirmed_states.recall(arg["name"], arg["which"]))
        changed = not module.check_mode and confirmed_states.remember(arg["name"], arg["state"])
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=changed)


if __name__ == "__main__":
    main()
