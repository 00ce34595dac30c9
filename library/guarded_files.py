#!/usr/bin/python
"""Ansible module: keep files that carry our own connection; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: guarded_files
short_description: Keep routes and tunnel files under an undo timer
description:
  - Phase C(armed) compares the files; when they differ it keeps the old ones, starts a transient timer that would
    put them back, writes the new ones and loads them.
  - Phase C(predicted) only says in RV(wanted) whether that would write something.
  - Phase C(confirmed) has to be called over a new connection; it stops the timer.
  - Phase C(taken_back) puts the old files back at once, where a change waits for its confirmation.
  - A secret stands in the content as C(<secret NAME>) and is put in on the node only.
options:
  phase: {description: What to do., type: str, choices: [predicted, armed, confirmed, taken_back], required: true}
  name: {description: Name of the set; the timer is called C(gatekit-NAME-undo)., type: str, required: true}
  files:
    description: The files of the set, each once; needed to predict and arm.
    type: list
    elements: dict
    default: []
    options:
      path: {description: Absolute path., type: str, required: true}
      state: {description: Wanted state., type: str, choices: [present, absent], default: present}
      content: {description: Whole content., type: str, default: ""}
      owner: {description: Account that owns it., type: str, default: root}
      group: {description: Group that owns it., type: str, default: root}
      mode: {description: Four octal digits., type: str, default: "0644"}
      checker: {description: As in file_set., type: str, default: ""}
      checked_with: {description: As in file_set., type: str, default: ""}
  secrets: {description: Values of the secrets that contents name., type: dict, default: {}}
  load:
    description: Commands that load the files, in order, each a list of words; run after writing and after an undo.
    type: list
    elements: list
    default: []
  in_use:
    description: Command, as a list of words, that prints something exactly while traffic depends on what is loaded.
    type: list
    elements: str
    default: []
  interruption_allowed: {description: Whether a change may cut what is in use., type: bool, default: false}
  consent: {description: What to tell a person who has to allow the interruption., type: str, default: ""}
  undo_after_s: {description: Seconds until the node undoes an unconfirmed change., type: int, default: 60}
attributes:
  check_mode: {support: full, description: Predicts; writes and loads nothing and starts no timer.}
  diff_mode: {support: full, description: Shows names of secrets only.}
"""

EXAMPLES = r"""
- name: Tunnel | Load routes and tunnel under the undo timer
  guarded_files:
    phase: armed
    name: ways
    files: [{path: /etc/gatekit/network.batch, content: "route replace default via 198.51.100.1\n"}]
    load: [[systemctl, restart, gatekit-network.service]]
"""

RETURN = r"""
wanted: {description: Whether files would be written., type: bool, returned: phase predicted}
changed_paths: {description: Paths that were written or removed., type: list, elements: str, returned: phase armed}
unconfirmed:
  description: Whether files were loaded that have to be confirmed in time; never in check mode.
  type: bool
  returned: phase armed
interrupts: {description: Whether what is loaded is in use and stops for a moment., type: bool, returned: phase armed}
touches: {description: What the files can take down., type: list, elements: str, returned: phase armed}
"""

from contextlib import nullcontext

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import checkers, files, guarded_files
from ansible.module_utils.gatekit.errors import NodeError

FILE = {
    "path": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "content": {"type": "str", "default": ""},
    "owner": {"type": "str", "default": "root"},
    "group": {"type": "str", "default": "root"},
    "mode": {"type": "str", "default": "0644"},
    "checker": {"type": "str", "default": ""},
    "checked_with": {"type": "str", "default": ""},
}
ARGUMENTS = {
    "phase": {"type": "str", "choices": ["predicted", "armed", "confirmed", "taken_back"], "required": True},
    "name": {"type": "str", "required": True},
    "files": {"type": "list", "elements": "dict", "default": [], "options": FILE},
    "secrets": {"type": "dict", "default": {}, "no_log": True},
    "load": {"type": "list", "elements": "list", "default": []},
    "in_use": {"type": "list", "elements": "str", "default": []},
    "interruption_allowed": {"type": "bool", "default": False},
    "consent": {"type": "str", "default": ""},
    "undo_after_s": {"type": "int", "default": 60},
}
TOUCHES = ("management", "routes", "tunnel")
ENDS = {"confirmed": guarded_files.confirm, "taken_back": guarded_files.take_back}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg = module.params
    secrets = {name: str(value) for name, value in arg["secrets"].items()}
    load = tuple(tuple(str(word) for word in command) for command in arg["load"])
    spec = guarded_files.GuardedSpec(arg["name"], load, tuple(arg["in_use"]), arg["undo_after_s"])
    try:
        if arg["phase"] in ENDS:
            if not module.check_mode:
                ENDS[arg["phase"]](spec)
            module.exit_json(changed=True)
        looks = module.check_mode or arg["phase"] == "predicted"
        with nullcontext() if looks else guarded_files.turn(spec):
            change = files.plan((files.FileSpec(**entry) for entry in arg["files"]), secrets)
            if arg["phase"] == "predicted":
                module.exit_json(changed=False, wanted=change.changed)
            checkers.check(change, secrets, predict=module.check_mode)
            interrupts = guarded_files.interrupts(spec, change)
            if change.changed and not module.check_mode:
                if not arg["interruption_allowed"]:
                    guarded_files.refuse_interruption(spec, change, arg["consent"])
                guarded_files.arm(spec, change, secrets)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(
        changed=change.changed,
        diff=change.diffs(),
        changed_paths=change.paths,
        unconfirmed=change.changed and not module.check_mode,
        interrupts=interrupts,
        touches=TOUCHES,
    )


if __name__ == "__main__":
    main()
