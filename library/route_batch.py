#!/usr/bin/python
"""Ansible module: keep the kernel's routes as a batch loaded them; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: route_batch
short_description: Keep the routes of a batch for ip in the kernel
description:
  - Compares the routes that bear the batch's protocol number with the lines C(route replace) of the batch as it
    stands on the node. A route that somebody took away is put back, one that the batch does not have is removed.
  - Routes of another number are never touched, nothing is restarted, and without a batch on the node nothing is asked.
options:
  path: {description: The batch., type: path, required: true}
attributes:
  check_mode: {support: full, description: Predicts.}
  diff_mode: {support: full, description: Shows the routes that are missing or too many.}
"""

EXAMPLES = r"""
- name: Routes | Keep those of the batch in the kernel
  route_batch: {path: /etc/gatekit/network.batch}
"""

RETURN = r"""
interrupts: {description: Whether a way ends that somebody may use., type: bool, returned: success}
touches: {description: What the routes can take down., type: list, elements: str, returned: success}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import route_batch
from ansible.module_utils.gatekit.errors import NodeError

ARGUMENTS = {"path": {"type": "path", "required": True}}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    try:
        change = route_batch.plan(module.params["path"])
        if change.changed and not module.check_mode:
            route_batch.apply(change)
    except NodeError as err:
        module.fail_json(**err.as_result())
    interrupts = bool(change.foreign)
    module.exit_json(changed=change.changed, diff=change.diff(), interrupts=interrupts, touches=["routes"])


if __name__ == "__main__":
    main()
