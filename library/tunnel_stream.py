"""Ansible module: measure an outage of the tunnel by a stream through it; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: tunnel_stream
short_description: Ask through the tunnel until it has gone and come back, and say how long it was away
description:
  - Sends ten questions a second to a DNS server of the data centre. Asks only, changes nothing.
  - Ends when the answers stopped for a second and came back, or fails when either does not happen in time.
options:
  address: {description: The server behind the tunnel., type: str, required: true}
  port: {description: Its port., type: int, required: true}
  name: {description: The name that is asked for., type: str, required: true}
  longest_s: {description: How long the outage may begin and last in all., type: int, default: 1800}
  ready_path:
    description: File that is written when the stream runs and the power may be cut.
    type: path
attributes:
  check_mode: {support: full, description: Nothing is asked.}
  diff_mode: {support: none, description: Nothing changes.}
"""

EXAMPLES = r"""
- name: Drill | Watch the tunnel
  tunnel_stream:
    address: 10.200.9.10
    port: 53
    name: portal.idlink.example.jp
"""

RETURN = r"""
outage: {description: When answers ended and began and how many there were., type: dict, returned: always}
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import tunnel_stream
from ansible.module_utils.gatekit.errors import NodeError

ARGUMENTS = {
    "address": {"type": "str", "required": True},
    "port": {"type": "int", "required": True},
    "name": {"type": "str", "required": True},
    "longest_s": {"type": "int", "default": 1800},
    "ready_path": {"type": "path"},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    if module.check_mode:
        module.exit_json(changed=False, outage={})
    asked = module.params
    ready = Path(asked["ready_path"]).touch if asked["ready_path"] else (lambda: None)
    try:
        stream = tunnel_stream.Stream(asked["address"], asked["port"], asked["name"])
        outage = tunnel_stream.watch(stream, asked["longest_s"], ready)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=False, outage=outage.as_result())


if __name__ == "__main__":
    main()
