"""Ansible module: keep a Python environment; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: python_environment
short_description: Keep a Python environment made from one file of wheels, without any package index
description:
  - Makes C(<root>-<digest>) from the bundle when it is not there, then points the link C(root) at it.
  - The bundle is a tar archive with C(requirements.txt), whose hashes are checked, and C(wheels/).
    It is removed after the installation.
  - The environment that was in use before is kept, older ones are removed.
options:
  root: {description: Path of the link to the environment in use., type: path, required: true}
  digest:
    description: What tells one bundle from another; an environment with it is not installed again.
    type: str
    required: true
  bundle:
    description: Path of the bundle on the node; read only when it has to be installed.
    type: path
    required: true
  python: {description: Interpreter the environment is made with., type: path, default: /usr/bin/python3}
attributes:
  check_mode: {support: full, description: Predicts; the bundle need not be there yet.}
  diff_mode: {support: full, description: Shows the environment in use before and after.}
"""

EXAMPLES = r"""
- name: Environment | Install the service
  python_environment:
    root: /opt/gatekit-pacs-gateway
    digest: 83fa5da5ba152f3a096e572119f7ce350541e500742808a05845316b789bdfde
    bundle: /var/tmp/pacs-gateway.tar
"""

RETURN = r"""
folder: {description: Where the environment lies., type: str, returned: always}
marker: {description: A file of it that is new whenever another environment came into use., type: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import python_environment
from ansible.module_utils.gatekit.errors import NodeError

ARGUMENTS = {
    "root": {"type": "path", "required": True},
    "digest": {"type": "str", "required": True},
    "bundle": {"type": "path", "required": True},
    "python": {"type": "path", "default": "/usr/bin/python3"},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    spec = python_environment.EnvironmentSpec(**module.params)
    try:
        change = python_environment.plan(spec)
        if change.changed and not module.check_mode:
            python_environment.apply(change)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diff(), folder=spec.folder, marker=f"{spec.root}/complete")


if __name__ == "__main__":
    main()
