#!/usr/bin/python
"""Ansible module: keep one static route on an FRR switch; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: frr_route
short_description: Keep exactly one static route on an FRR switch that is not ours
description:
  - Reads the running and the saved configuration and the routing table, decides the whole change, sends one line,
    reads back until the route is installed, and only then saves. Otherwise the line is taken back.
  - Nothing else of the switch is read as drift or changed. Refused are a route of others for the same network, a
    switch that is not connected as planned, and somebody's unsaved change, which our save would make permanent.
options:
  network: {description: Network in CIDR form., type: str, required: true}
  via: {description: Next hop, on a network the switch is connected to., type: str, required: true}
  state:
    description:
      - Wanted state of the route; or instead of it the state that was confirmed last on this switch (confirmed), or the
        one before that (earlier), whatever route it had.
    type: str
    choices: [present, absent, confirmed, earlier]
    default: present
attributes:
  check_mode: {support: full, description: Predicts, with every refusal; sends nothing.}
  diff_mode: {support: full, description: Shows our line as it runs and as it is saved.}
"""

EXAMPLES = r"""
- name: L3 switch | Route the DMZ via the firewall
  frr_route: {network: 10.161.4.0/24, via: 192.168.10.5}
"""

RETURN = r"""
commands: {description: Configuration lines that are sent., type: list, elements: str, returned: always}
inverse: {description: Lines that would take them back., type: list, elements: str, returned: always}
interrupts: {description: Whether a way ends that somebody may use., type: bool, returned: always}
touches: {description: What the lines can take down., type: list, elements: str, returned: always}
"""

from ipaddress import IPv4Address, IPv4Network

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import frr_route
from ansible.module_utils.gatekit.errors import NodeError

ARGUMENTS = {
    "network": {"type": "str", "required": True},
    "via": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent", "confirmed", "earlier"], "default": "present"},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg = module.params
    try:
        wanted = frr_route.WantedRoute(IPv4Network(arg["network"]), IPv4Address(arg["via"]))
    except ValueError as err:
        refused = NodeError("GW104", "frr_route", str(err), "Give a network such as 10.161.4.0/24 and an address.")
        module.fail_json(**refused.as_result())
    try:
        changes = frr_route.plan_state(frr_route.observe(), wanted, arg["state"])
        for change in changes:
            if change.changed and not module.check_mode:
                frr_route.apply(change)
                frr_route.remember(change)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(
        changed=any(change.changed for change in changes),
        diff=[change.diff() for change in changes],
        commands=[line for change in changes for line in change.forward],
        inverse=[line for change in reversed(changes) for line in change.inverse],
        interrupts=any(change.interrupts for change in changes),
        touches=["routes"],
    )


if __name__ == "__main__":
    main()
