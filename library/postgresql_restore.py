"""Ansible module: bring a database back from a dump; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: postgresql_restore
short_description: Bring one database back from a dump
description:
  - Acts on every call. The dump is restored beside the present database and the two are exchanged only when it came
    in whole, so a broken dump destroys nothing.
  - Refused without consent and while anybody is connected to the database.
options:
  port: {description: Port of the server., type: int, required: true}
  database: {description: Name of the database., type: str, required: true}
  owner: {description: Account that owns it., type: str, required: true}
  dump: {description: Path of the dump on the node; empty for the newest of the folder., type: str, default: ""}
  folder: {description: Folder of the backups., type: str, required: true}
  programs: {description: Folder of pg_restore., type: str, required: true}
  consent: {description: The name of the database again., type: str, default: ""}
attributes:
  check_mode: {support: full, description: Reads the dump and refuses as the real run would.}
  diff_mode: {support: full, description: Shows which dump takes the place of the present content.}
"""

EXAMPLES = r"""
- name: Restore | Bring the database back
  postgresql_restore:
    port: 5432
    database: archive
    owner: archive
    folder: /var/backups/postgresql
    programs: /usr/lib/postgresql/17/bin
    consent: archive
"""

RETURN = r"""
dump: {description: Path of the dump that was taken., type: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.errors import NodeError
from ansible.module_utils.gatekit.postgresql import restore

ARGUMENTS = {
    "port": {"type": "int", "required": True},
    "database": {"type": "str", "required": True},
    "owner": {"type": "str", "required": True},
    "dump": {"type": "str", "default": ""},
    "folder": {"type": "str", "required": True},
    "programs": {"type": "str", "required": True},
    "consent": {"type": "str", "default": ""},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg = module.params
    try:
        dump = arg["dump"] or restore.newest_dump(arg["folder"], arg["database"])
        names = ("port", "database", "owner", "programs", "consent")
        wanted = restore.Restore(dump=dump, **{name: arg[name] for name in names})
        change = restore.plan(wanted)
        if change.changed and not module.check_mode:
            restore.apply(wanted)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diff(), dump=dump)


if __name__ == "__main__":
    main()
