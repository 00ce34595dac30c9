"""Ansible module: keep slapd's own configuration; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: directory_server
short_description: Keep the configuration of the local directory server
description:
  - Where there is none, the first configuration is made beside its place, judged by slapd and renamed, before the
    server first starts. Later it is compared and changed through the running server; a stopped one is started.
  - The password of the directory's own account is compared with the stored hash and written only when it differs.
options:
  folder: {description: Folder of the configuration (cn=config)., type: str, required: true}
  configuration: {description: LDIF of cn=config without schema and password., type: str, required: true}
  schemas:
    description: Absolute paths of the schema files of the distribution.
    type: list
    elements: str
    default: []
  database: {description: Name of the entry that holds the password., type: str, required: true}
  password: {description: Password of the directory's own account., type: str, required: true}
  account: {description: Account the server runs as., type: str, default: openldap}
  unit: {description: Its unit., type: str, default: slapd.service}
attributes:
  check_mode: {support: full, description: Predicts; what a stopped server has is not known and counts as right.}
  diff_mode: {support: full, description: Shows that a password differs and nothing more.}
"""

EXAMPLES = r"""
- name: Directory | Configure the server
  directory_server:
    folder: /etc/ldap/gatekit.d
    configuration: "{{ configuration }}"
    schemas: [/etc/ldap/schema/core.ldif]
    database: olcDatabase={1}mdb,cn=config
    password: "{{ secrets.directory_password }}"
"""

RETURN = r"""
first: {description: Whether there was no configuration before., type: bool, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.directory import server
from ansible.module_utils.gatekit.errors import NodeError

ARGUMENTS = {
    "folder": {"type": "str", "required": True},
    "configuration": {"type": "str", "required": True},
    "schemas": {"type": "list", "elements": "str", "default": []},
    "database": {"type": "str", "required": True},
    "password": {"type": "str", "required": True, "no_log": True},
    "account": {"type": "str", "default": "openldap"},
    "unit": {"type": "str", "default": "slapd.service"},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg = module.params
    wanted = server.Server(
        **{name: arg[name] for name in ("folder", "configuration", "database", "account", "unit")},
        schemas=tuple(arg["schemas"]),
    )
    try:
        change = server.plan(wanted, arg["password"], predict=module.check_mode)
        if change.changed and not module.check_mode:
            server.apply(wanted, change)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diff(), first=bool(change.first))


if __name__ == "__main__":
    main()
