"""Ansible module: keep Debian packages and their sources; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: package_set
short_description: Keep the packages of a role and where they come from
description:
  - Compares with dpkg's own database, so that check mode works on a host that has no package source yet and
    a run without changes asks no server.
  - Units in O(held_units) are not started by the installation, so that no daemon runs with the
    distribution's configuration.
options:
  packages: {description: Names that have to be installed., type: list, elements: str, default: []}
  absent: {description: Names that are purged., type: list, elements: str, default: []}
  held_units:
    description: Units that must not start while packages are installed.
    type: list
    elements: str
    default: []
  sources:
    description: Files that say where packages come from.
    type: list
    elements: dict
    default: []
    options:
      path: {description: Absolute path., type: str, required: true}
      content: {description: Whole content., type: str, required: true}
      owner: {description: Account that owns it., type: str, default: root}
      group: {description: Group that owns it., type: str, default: root}
      mode: {description: Four octal digits., type: str, default: "0644"}
  exclusive: {description: Whether every other package source is removed., type: bool, default: false}
attributes:
  check_mode: {support: full, description: Predicts; needs no package source.}
  diff_mode: {support: full, description: Shows packages and source files.}
"""

EXAMPLES = r"""
- name: Squid | Install the proxy
  package_set:
    packages: [squid]
    held_units: [squid.service]
"""

RETURN = r"""
installed: {description: Packages that were missing., type: list, elements: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import packages
from ansible.module_utils.gatekit.errors import NodeError
from ansible.module_utils.gatekit.files import FileSpec

SOURCE = {
    "path": {"type": "str", "required": True},
    "content": {"type": "str", "required": True},
    "owner": {"type": "str", "default": "root"},
    "group": {"type": "str", "default": "root"},
    "mode": {"type": "str", "default": "0644"},
}
ARGUMENTS = {
    "packages": {"type": "list", "elements": "str", "default": []},
    "absent": {"type": "list", "elements": "str", "default": []},
    "held_units": {"type": "list", "elements": "str", "default": []},
    "sources": {"type": "list", "elements": "dict", "default": [], "options": SOURCE},
    "exclusive": {"type": "bool", "default": False},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg = module.params
    sources = tuple(FileSpec(**entry) for entry in arg["sources"])
    try:
        change = packages.plan(arg["packages"], arg["absent"], sources, exclusive=arg["exclusive"])
        if change.changed and not module.check_mode:
            packages.apply(change, arg["held_units"])
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diffs(), installed=change.missing)


if __name__ == "__main__":
    main()
