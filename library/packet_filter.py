"""Ansible module: load one nftables table without locking us out; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: packet_filter
short_description: Load one nftables table of ours under an undo timer
description:
  - Phase C(armed) compares the rules file and the loaded table, has nft judge the file, starts a transient
    timer that would put everything back, and loads the rules.
  - Phase C(predicted) only says in RV(wanted) whether that would load something.
  - Phase C(confirmed) has to be called over a new connection; it stops the timer and records what is loaded, so
    that a rule changed by hand is found by the next run.
  - Phase C(taken_back) puts the old rules back at once, where a change waits for its confirmation.
  - Other tables are never touched.
options:
  phase: {description: What to do., type: str, choices: [predicted, armed, confirmed, taken_back], required: true}
  table: {description: Family and name of the one table the file defines., type: str, default: inet gatekit}
  path: {description: Rules file., type: str, default: /etc/nftables.conf}
  content: {description: Whole content of the rules file; needed to predict and arm., type: str}
  undo_after_s: {description: Seconds until the node undoes an unconfirmed change., type: int, default: 60}
attributes:
  check_mode: {support: full, description: Predicts; loads nothing and starts no timer.}
  diff_mode: {support: full, description: Shows the rules file and the state of the table.}
"""

EXAMPLES = r"""
- name: Packet filter | Load the rules under the undo timer
  packet_filter: {phase: armed, content: "{{ rules }}"}
"""

RETURN = r"""
wanted: {description: Whether rules would be loaded., type: bool, returned: phase predicted}
unconfirmed:
  description: Whether rules were loaded that have to be confirmed in time; never in check mode.
  type: bool
  returned: phase armed
interrupts:
  description: Whether traffic stops for a moment; never, since the rules are replaced at once.
  type: bool
  returned: phase armed
touches: {description: What new rules can take down., type: list, elements: str, returned: phase armed}
"""

from contextlib import nullcontext

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import packet_filter
from ansible.module_utils.gatekit.errors import NodeError

ARGUMENTS = {
    "phase": {"type": "str", "choices": ["predicted", "armed", "confirmed", "taken_back"], "required": True},
    "table": {"type": "str", "default": "inet gatekit"},
    "path": {"type": "str", "default": "/etc/nftables.conf"},
    "content": {"type": "str"},
    "undo_after_s": {"type": "int", "default": 60},
}
TOUCHES = ("management", "policy")
ENDS = {"confirmed": packet_filter.confirm, "taken_back": lambda _: packet_filter.take_back()}


def main() -> None:
    """Run the module."""
    needed = [("phase", phase, ("content",)) for phase in ("predicted", "armed")]
    module = AnsibleModule(ARGUMENTS, required_if=needed, supports_check_mode=True)
    arg = module.params
    try:
        if arg["phase"] in ENDS:
            if not module.check_mode:
                ENDS[arg["phase"]](arg["table"])
            module.exit_json(changed=True)
        spec = packet_filter.FilterSpec(arg["path"], arg["content"], arg["table"], arg["undo_after_s"])
        if arg["phase"] == "predicted":
            module.exit_json(changed=False, wanted=packet_filter.plan(spec, predict=True).changed)
        with nullcontext() if module.check_mode else packet_filter.turn(spec):
            change = packet_filter.plan(spec, predict=module.check_mode)
            if change.changed and not module.check_mode:
                packet_filter.arm(change, spec)
    except NodeError as err:
        module.fail_json(**err.as_result())
    unconfirmed = change.changed and not module.check_mode
    module.exit_json(
        changed=change.changed, diff=change.diff(), unconfirmed=unconfirmed, interrupts=False, touches=TOUCHES
    )


if __name__ == "__main__":
    main()
