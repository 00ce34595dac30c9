"""Ansible module: bring a schema into a database once; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: postgresql_schema
short_description: Bring a schema into a database exactly once
description:
  - All texts are run in their order, in one transaction, as the database's owner, and recorded in the database with
    version and sha256 (table gatekit.schema_version). The second time there is nothing to do.
  - Another version, other texts, or tables without a record are refused; nothing is dropped or upgraded.
  - A text is SQL and nothing else; a backslash command or a COMMIT in it is refused. Either line end will do.
options:
  port: {description: Port of the server; its local socket is used., type: int, required: true}
  database: {description: Name of the database., type: str, required: true}
  owner: {description: Account the objects will belong to., type: str, required: true}
  name: {description: Name of the schema in the record., type: str, required: true}
  version: {description: Version in the record., type: str, required: true}
  folder: {description: Folder on the node the files stand in., type: str, default: ""}
  files: {description: "SQL files of the folder, in order.", type: list, elements: str, default: []}
  texts: {description: "SQL texts, after the files.", type: list, elements: str, default: []}
attributes:
  check_mode:
    support: full
    description: Predicts; a database or folder that is not there yet counts as one to load into or from.
  diff_mode: {support: full, description: Shows version and sha256.}
"""

EXAMPLES = r"""
- name: Archive | Bring its schema into the database
  postgresql_schema:
    port: 5432
    database: archive
    owner: archive
    name: dcm4chee-arc
    version: 5.34.3
    folder: /srv/distribution/sql/psql
    files: [create-psql.sql, create-fk-index.sql, create-case-insensitive-index.sql]
"""

RETURN = r"""
sha256: {description: Digest over the texts., type: str, returned: always}
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.errors import NodeError
from ansible.module_utils.gatekit.postgresql import schema

ARGUMENTS = {
    "port": {"type": "int", "required": True},
    "database": {"type": "str", "required": True},
    "owner": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
    "version": {"type": "str", "required": True},
    "folder": {"type": "str", "default": ""},
    "files": {"type": "list", "elements": "str", "default": []},
    "texts": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg = module.params
    early = module.check_mode and bool(arg["folder"]) and not Path(arg["folder"]).is_dir()
    try:
        texts = () if early else schema.texts_of_files(arg["folder"], arg["files"])
        wanted = schema.Schema(
            **{name: arg[name] for name in ("database", "owner", "name", "version")},
            texts=(*texts, *(schema.normal(text) for text in arg["texts"])),
        )
        change = schema.plan(arg["port"], wanted, predict=module.check_mode)
        if change.changed and not module.check_mode:
            schema.apply(arg["port"], wanted)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diff(), sha256=wanted.sha256)


if __name__ == "__main__":
    main()
