"""Ansible module: write where verification asks; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: site_targets
short_description: Write targets.json, the connection facts of verification
description:
  - Puts together, from the inventory, which devices are read and from which hosts packets are sent.
  - Runs on the controller; nothing is logged into.
options:
  build: {description: Folder of the site's plan., type: path, required: true}
  groups: {description: Ansible's groups., type: dict, required: true}
  facts:
    description: Connection facts of each host, from the filter C(verification_facts).
    type: dict
    required: true
attributes:
  check_mode: {support: full, description: Predicts the write.}
  diff_mode: {support: full, description: Shows the file.}
"""

EXAMPLES = r"""
- name: Verify | Write where to ask
  site_targets:
    build: build/pattern4
    groups: "{{ groups }}"
    facts: "{{ hostvars | verification_facts }}"
"""

RETURN = r"""
probes: {description: Names of the hosts that send packets., type: list, elements: str, returned: always}
"""

import getpass
import grp
import os
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from gatekit.errors import GatekitError
from gatekit.plan.document import plan_sha256, read_plan
from gatekit.portable import files
from gatekit.portable.errors import NodeError
from gatekit.verify.site_targets import site_targets

ARGUMENTS = {
    "build": {"type": "path", "required": True},
    "groups": {"type": "dict", "required": True},
    "facts": {"type": "dict", "required": True},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    build = Path(module.params["build"]).resolve()
    try:
        plan = read_plan(build / "plan.json")
        targets = site_targets(plan, plan_sha256(plan), str(build), module.params["groups"], module.params["facts"])
        spec = files.FileSpec(
            path=str(build / "targets.json"),
            content=targets.model_dump_json(indent=2) + "\n",
            owner=getpass.getuser(),
            group=grp.getgrgid(os.getgid()).gr_name,
        )
        change = files.plan([spec], {})
        if change.changed and not module.check_mode:
            files.apply(change, {})
    except NodeError as err:
        module.fail_json(**err.as_result())
    except GatekitError as err:
        module.fail_json(msg=str(err), code=err.code, path=err.path, fix=err.fix)
    module.exit_json(changed=change.changed, diff=change.diffs(), probes=sorted(targets.probes))


if __name__ == "__main__":
    main()
