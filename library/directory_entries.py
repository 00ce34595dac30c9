"""Ansible module: keep schema, configuration and entries of the local directory; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: directory_entries
short_description: Keep schema, configuration and entries of the local directory as one change set
description:
  - Reads LDIF sources in their order (a later one wins, attribute by attribute), asks slapd once for what is there,
    decides the whole change, and sends exactly that; entries of the tree in one transaction, all or nothing.
  - Speaks over ldapi as root (SASL EXTERNAL), so it needs become and no password.
  - Nothing is deleted unless it is named in O(absent) or the source owns whole entries. Deletions go first and
    in no transaction, since slapd cannot delete in one.
options:
  suffix: {description: Top of the tree the entries stand in., type: str, required: true}
  folder:
    description: Folder on the node that files of the sources and C(file:) references inside them have to stand in.
    type: str
    default: ""
  schemas:
    description: Schema files below the folder, in order; definitions are added or exchanged, never removed.
    type: list
    elements: str
    default: []
  sources:
    description: LDIF sources in order; entries of cn=config are sent before those of the tree.
    type: list
    elements: dict
    default: []
    options:
      file: {description: File below the folder., type: str, default: ""}
      text: {description: "LDIF text; values may name secrets as C(<secret NAME>).", type: str, default: ""}
      ownership:
        description:
          - V(attributes) - the attributes the source names have exactly its values, others are left alone.
          - V(entry) - the whole entry is ours, and other attributes are removed.
          - V(existence) - the entry has to be there; what is in it is left alone once it is.
        type: str
        choices: [attributes, entry, existence]
        default: attributes
  absent:
    description:
      - Names of entries that have to go, with everything below them.
      - A name whose first part ends in C(*) stands for every entry of that form that no source wants.
    type: list
    elements: str
    default: []
  secrets: {description: Values of the secrets that texts name., type: dict, default: {}}
attributes:
  check_mode:
    support: full
    description: Predicts; where no directory answers yet, or no file is in the folder yet, as if it were empty.
  diff_mode: {support: full, description: Shows no secrets; entries of a large import as a line each.}
"""

EXAMPLES = r"""
- name: Archive | Keep its schema and configuration
  directory_entries:
    suffix: dc=example,dc=org
    folder: /srv/distribution/ldap
    schemas: [slapd/dicom.ldif]
    sources:
      - {file: init-baseDN.ldif}
      - {file: default-config.ldif, ownership: existence}
      - text: |
          dn: dicomDeviceName=archive,cn=Devices,cn=DICOM Configuration,dc=example,dc=org
          changetype: modify
          replace: dicomInstalled
          dicomInstalled: TRUE
"""

RETURN = r"""
entries:
  description: How many entries were added, modified and deleted, and how many the sources name.
  type: dict
  returned: always
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.directory import importing
from ansible.module_utils.gatekit.directory.sources import Source
from ansible.module_utils.gatekit.errors import NodeError

SOURCE = {
    "file": {"type": "str", "default": ""},
    "text": {"type": "str", "default": ""},
    "ownership": {"type": "str", "choices": ["attributes", "entry", "existence"], "default": "attributes"},
}
ARGUMENTS = {
    "suffix": {"type": "str", "required": True},
    "folder": {"type": "str", "default": ""},
    "schemas": {"type": "list", "elements": "str", "default": []},
    "sources": {"type": "list", "elements": "dict", "default": [], "options": SOURCE},
    "absent": {"type": "list", "elements": "str", "default": []},
    "secrets": {"type": "dict", "default": {}, "no_log": True},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg = module.params
    secrets = {name: str(value) for name, value in arg["secrets"].items()}
    try:
        request = importing.Request(
            suffix=arg["suffix"],
            folder=arg["folder"],
            schemas=tuple(arg["schemas"]),
            sources=tuple(Source(**row) for row in arg["sources"]),
            absent=tuple(arg["absent"]),
        )
        change, named = importing.plan(request, secrets, predict=module.check_mode)
        if change.changed and not module.check_mode:
            importing.apply(change)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diff(), entries={**change.counts, "named": named})


if __name__ == "__main__":
    main()
