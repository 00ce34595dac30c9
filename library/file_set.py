"""Ansible module: keep a set of files; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: file_set
short_description: Keep all files of a role as one change set
description:
  - Reads every path, decides the whole change, asks the daemons' own checkers about the new files, then
    writes exactly that change or nothing.
  - Each file is written beside its target, synced and renamed; a full disk or a kill leaves the old file whole.
  - A secret stands in the content as C(<secret NAME>) and is put in on the node only.
options:
  files:
    description: The paths of the set, each once.
    type: list
    elements: dict
    required: true
    options:
      path: {description: Absolute path., type: str, required: true}
      state:
        description: Wanted state; a missing parent directory is made with mode 0755.
        type: str
        choices: [present, absent, directory]
        default: present
      content: {description: Whole content., type: str, default: ""}
      owner: {description: Account that owns it., type: str, default: root}
      group: {description: Group that owns it., type: str, default: root}
      mode: {description: Four octal digits., type: str, default: "0644"}
      checker:
        description: Command of the daemon that judges the file, C(%s) standing for the staged file.
        type: str
        default: ""
      checked_with:
        description: Path of the file of this set whose checker reads this one too.
        type: str
        default: ""
  secrets:
    description: Values of the secrets that contents name.
    type: dict
    default: {}
attributes:
  check_mode: {support: full, description: Predicts the write and still asks the checkers that are installed.}
  diff_mode: {support: full, description: Shows names of secrets only.}
"""

EXAMPLES = r"""
- name: Squid | Lay down the configuration
  file_set:
    files:
      - {path: /etc/squid/squid.conf, content: "http_port 3128\n", checker: squid -k parse -f %s}
      - {path: /etc/squid/conf.d/debian.conf, state: absent}
"""

RETURN = r"""
changed_paths: {description: Paths that were written or removed., type: list, elements: str, returned: always}
unchecked_paths:
  description: Paths that change and could not be judged in check mode since the checker is not installed yet.
  type: list
  elements: str
  returned: always
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import checkers, files
from ansible.module_utils.gatekit.errors import NodeError

FILE = {
    "path": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent", "directory"], "default": "present"},
    "content": {"type": "str", "default": ""},
    "owner": {"type": "str", "default": "root"},
    "group": {"type": "str", "default": "root"},
    "mode": {"type": "str", "default": "0644"},
    "checker": {"type": "str", "default": ""},
    "checked_with": {"type": "str", "default": ""},
}
ARGUMENTS = {
    "files": {"type": "list", "elements": "dict", "required": True, "options": FILE},
    "secrets": {"type": "dict", "default": {}, "no_log": True},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    secrets = {name: str(value) for name, value in module.params["secrets"].items()}
    try:
        change = files.plan((files.FileSpec(**entry) for entry in module.params["files"]), secrets)
        unchecked = checkers.check(change, secrets, predict=module.check_mode)
        if change.changed and not module.check_mode:
            files.apply(change, secrets)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diffs(), changed_paths=change.paths, unchecked_paths=unchecked)


if __name__ == "__main__":
    main()
