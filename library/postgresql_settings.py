"""Ansible module: have PostgreSQL read its files; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: postgresql_settings
short_description: Have a PostgreSQL server read its configuration files
description:
  - The server itself judges the files (pg_file_settings, pg_hba_file_rules); a fault is an error before anything is
    reloaded. It reads them again when one is newer than what it read last.
  - A setting that needs a restart is refused unless O(allow_restart), since a restart cuts every session.
options:
  port: {description: Port of the server; its local socket is used., type: int, required: true}
  unit: {description: Unit of the cluster., type: str, required: true}
  reads: {description: Files the server reads., type: list, elements: str, required: true}
  changed_paths:
    description: Files that changed earlier in this run, so that check mode predicts.
    type: list
    elements: str
    default: []
  allow_restart: {description: Whether the server may be restarted where that is needed., type: bool, default: false}
attributes:
  check_mode: {support: full, description: Predicts; a server that does not run yet starts with the files anyway.}
  diff_mode: {support: full, description: Shows the files and what waits for a restart.}
"""

EXAMPLES = r"""
- name: Server | Read the files
  postgresql_settings:
    port: 5432
    unit: postgresql@17-main.service
    reads: [/etc/postgresql/17/main/pg_hba.conf]
"""

RETURN = r"""
restarted: {description: Whether the server was restarted., type: bool, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.errors import NodeError
from ansible.module_utils.gatekit.postgresql import settings

ARGUMENTS = {
    "port": {"type": "int", "required": True},
    "unit": {"type": "str", "required": True},
    "reads": {"type": "list", "elements": "str", "required": True},
    "changed_paths": {"type": "list", "elements": "str", "default": []},
    "allow_restart": {"type": "bool", "default": False},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg = module.params
    server = settings.Server(arg["port"], arg["unit"], tuple(arg["reads"]), may_restart=arg["allow_restart"])
    restarted = False
    try:
        change = settings.plan(server, arg["changed_paths"], predict=module.check_mode)
        if change.changed and not module.check_mode:
            restarted = settings.apply(server)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diff(), restarted=restarted)


if __name__ == "__main__":
    main()
