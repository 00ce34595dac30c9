"""Ansible module: keep accounts without passwords; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: account_set
short_description: Keep accounts that have no password
description: Reads the node's tables once, decides, and creates or corrects what differs.
options:
  accounts:
    description: The accounts, each once.
    type: list
    elements: dict
    required: true
    options:
      name: {description: Login name., type: str, required: true}
      home: {description: Home directory., type: str, required: true}
      shell: {description: Login shell., type: str, default: /bin/bash}
      groups: {description: Additional groups; exactly these., type: list, elements: str, default: []}
attributes:
  check_mode: {support: full, description: Predicts.}
  diff_mode: {support: full, description: Shows each account that changes.}
"""

EXAMPLES = r"""
- name: Accounts | Keep the operator
  account_set:
    accounts:
      - {name: gwops, home: /home/gwops}
"""

RETURN = r"""
changed_accounts: {description: Accounts that changed., type: list, elements: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import accounts
from ansible.module_utils.gatekit.errors import NodeError

ACCOUNT = {
    "name": {"type": "str", "required": True},
    "home": {"type": "str", "required": True},
    "shell": {"type": "str", "default": "/bin/bash"},
    "groups": {"type": "list", "elements": "str", "default": []},
}
ARGUMENTS = {"accounts": {"type": "list", "elements": "dict", "required": True, "options": ACCOUNT}}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    specs = (
        accounts.AccountSpec(entry["name"], entry["home"], entry["shell"], tuple(entry["groups"]))
        for entry in module.params["accounts"]
    )
    try:
        change = accounts.plan(specs)
        if change.changed and not module.check_mode:
            accounts.apply(change)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diff(), changed_accounts=[spec.name for spec in change.specs])


if __name__ == "__main__":
    main()
