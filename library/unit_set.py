"""Ansible module: keep systemd units; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: unit_set
short_description: Keep all systemd units of a role as one change set
description:
  - Asks systemd once about all units, decides, changes what differs, and proves that each unit got there.
  - Makes systemd read changed unit files again by itself.
options:
  units:
    description: The units, each once.
    type: list
    elements: dict
    required: true
    options:
      name: {description: Name with its suffix., type: str, required: true}
      enablement:
        description: Whether it starts at boot; masked units cannot be started at all.
        type: str
        choices: [enabled, disabled, masked, unmanaged]
        default: unmanaged
      activity:
        description: Wanted activity; restarted and reloaded act on every call and belong into handlers.
        type: str
        choices: [running, stopped, restarted, reloaded, unmanaged]
        default: unmanaged
      conditional:
        description: Whether it counts as reached when systemd leaves the unit alone for a Condition of the unit.
        type: bool
        default: false
      reads:
        description: Files the unit has to have read in their present form; a newer one makes it read again.
        type: list
        elements: str
        default: []
      rereads:
        description: How it reads them again.
        type: str
        choices: [restarted, reloaded]
        default: restarted
  changed_paths:
    description: Files that changed earlier in this run, so that check mode predicts what reads them again.
    type: list
    elements: str
    default: []
attributes:
  check_mode: {support: full, description: Predicts; a unit whose package is not installed yet counts as changing.}
  diff_mode: {support: full, description: Shows each unit that changes.}
"""

EXAMPLES = r"""
- name: Squid | Run the proxy
  unit_set:
    units:
      - {name: squid.service, enablement: enabled, activity: running}
      - {name: apt-daily.timer, enablement: masked, activity: stopped}
"""

RETURN = r"""
changed_units: {description: Units that changed., type: list, elements: str, returned: always}
skipped_units:
  description: Units among those that changed which systemd left alone for a condition.
  type: list
  elements: str
  returned: always
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import units
from ansible.module_utils.gatekit.errors import NodeError

UNIT = {
    "name": {"type": "str", "required": True},
    "enablement": {
        "type": "str",
        "choices": ["enabled", "disabled", "masked", "unmanaged"],
        "default": "unmanaged",
    },
    "activity": {
        "type": "str",
        "choices": ["running", "stopped", "restarted", "reloaded", "unmanaged"],
        "default": "unmanaged",
    },
    "conditional": {"type": "bool", "default": False},
    "reads": {"type": "list", "elements": "str", "default": []},
    "rereads": {"type": "str", "choices": ["restarted", "reloaded"], "default": "restarted"},
}
ARGUMENTS = {
    "units": {"type": "list", "elements": "dict", "required": True, "options": UNIT},
    "changed_paths": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    specs = tuple(units.UnitSpec(**{**entry, "reads": tuple(entry["reads"])}) for entry in module.params["units"])
    skipped: tuple[str, ...] = ()
    try:
        found = units.observe(specs)
        change = units.plan(specs, found, predict=module.check_mode, changed_paths=module.params["changed_paths"])
        if change.changed and not module.check_mode:
            skipped = units.apply(change)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diff(), changed_units=change.names, skipped_units=skipped)


if __name__ == "__main__":
    main()
