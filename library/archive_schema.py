#!/usr/bin/python
"""Ansible module: make the archive's tables; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: archive_schema
short_description: Make an application's tables in PostgreSQL once, all of them or none
description:
  - Looks whether the marker table is there; if not, runs the files in one transaction as the database's owner.
  - Tables that are there are never touched; tables of another hand are refused.
options:
  database: {description: Name of the database., type: str, required: true}
  owner: {description: Role that shall own the tables., type: str, required: true}
  files: {description: Files of SQL in their order., type: list, elements: path, required: true}
  marker: {description: Name of a table that shows that they were made., type: str, required: true}
attributes:
  check_mode: {support: full, description: Predicts; a database that does not answer counts as empty.}
  diff_mode: {support: full, description: Shows whether the tables are made.}
"""

EXAMPLES = r"""
- name: Archive | Make its tables
  archive_schema:
    database: archive
    owner: archive
    files: [/opt/dcm4chee-5.34.3/sql/psql/create-psql.sql]
    marker: study
"""

RETURN = r"""
database: {description: Name of the database., type: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.dcm4chee import schema
from ansible.module_utils.gatekit.errors import NodeError

ARGUMENTS = {
    "database": {"type": "str", "required": True},
    "owner": {"type": "str", "required": True},
    "files": {"type": "list", "elements": "path", "required": True},
    "marker": {"type": "str", "required": True},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg = module.params
    wanted = schema.Schema(arg["database"], arg["owner"], tuple(arg["files"]), arg["marker"])
    try:
        change = schema.plan(wanted, predict=module.check_mode)
        if change.changed and not module.check_mode:
            schema.apply(change)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diff(), database=wanted.database)


if __name__ == "__main__":
    main()
