"""Ansible module: keep PostgreSQL's accounts and databases; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: postgresql_database_set
short_description: Keep the databases of a PostgreSQL server and the accounts that own them
description:
  - Each account may log in and nothing more; each database belongs to its account, and nobody else may connect.
  - A password is compared with the stored SCRAM verifier and written, as a verifier, only when it differs.
  - Databases and accounts that are not named are left alone; nothing is dropped.
options:
  port: {description: Port of the server; its local socket is used., type: int, required: true}
  databases:
    description: The databases, each once.
    type: list
    elements: dict
    required: true
    options:
      name: {description: Name of the database., type: str, required: true}
      owner: {description: Account that owns it., type: str, required: true}
      credential: {description: "Name of the secret that is the password of the account.", type: str, required: true}
  secrets: {description: Values of the secrets., type: dict, required: true}
attributes:
  check_mode: {support: full, description: Predicts; a server that is not there yet counts as empty.}
  diff_mode: {support: full, description: Shows that a password differs and nothing more.}
"""

EXAMPLES = r"""
- name: Databases | Keep the archive's
  postgresql_database_set:
    port: 5432
    databases:
      - {name: archive, owner: archive, credential: archive_database_password}
    secrets: "{{ secrets }}"
"""

RETURN = r"""
statements: {description: How many statements the change has., type: int, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.errors import NodeError
from ansible.module_utils.gatekit.postgresql import databases

DATABASE = {
    "name": {"type": "str", "required": True},
    "owner": {"type": "str", "required": True},
    "credential": {"type": "str", "required": True},
}
ARGUMENTS = {
    "port": {"type": "int", "required": True},
    "databases": {"type": "list", "elements": "dict", "required": True, "options": DATABASE},
    "secrets": {"type": "dict", "required": True, "no_log": True},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg = module.params
    secrets = {name: str(value) for name, value in arg["secrets"].items()}
    try:
        wanted = tuple(databases.Database(**row) for row in arg["databases"])
        change = databases.plan(arg["port"], wanted, secrets, predict=module.check_mode)
        if change.changed and not module.check_mode:
            databases.apply(arg["port"], change)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diff(), statements=len(change.statements))


if __name__ == "__main__":
    main()
