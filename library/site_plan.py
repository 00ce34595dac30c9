"""Ansible module: write the plan of one site; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: site_plan
short_description: Plan one hospital and lay down what every later step needs
description:
  - Reads C(site.yml) and C(data_centre.yml), refuses every fault at once, missing secrets included, and writes
    C(plan.json), C(plan.sha256), C(known_hosts) and C(ssh_config) as one change set.
  - Runs on the controller; nothing is logged into.
options:
  folder: {description: "Folder of the site, such as inventories/pattern4.", type: path, required: true}
  build: {description: Folder for what is generated., type: path, required: true}
  connections:
    description: Connection facts of the SSH hosts, from the filter C(ssh_connections).
    type: list
    elements: dict
    required: true
  vault:
    description: The vault's secrets; names are compared and the guests' host keys read.
    type: dict
    required: true
attributes:
  check_mode: {support: full, description: Predicts the write.}
  diff_mode: {support: full, description: Shows the files.}
"""

EXAMPLES = r"""
- name: Plan | Write the plan
  site_plan:
    folder: inventories/pattern4
    build: build/pattern4
    connections: "{{ groups.ssh_hosts | ssh_connections(hostvars) }}"
    vault: "{{ vault }}"
"""

RETURN = r"""
sha256: {description: The plan's sha256., type: str, returned: always}
progress: {description: One line for a person., type: list, elements: str, returned: always}
"""

import getpass
import grp
import os
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from gatekit.controller.build_folder import build_folder, ssh_hosts
from gatekit.errors import GatekitError, IntentRefused
from gatekit.intent.load import missing_secrets
from gatekit.plan.document import plan_sha256
from gatekit.plan.make import plan_site
from gatekit.portable import files
from gatekit.portable.errors import NodeError

ARGUMENTS = {
    "folder": {"type": "path", "required": True},
    "build": {"type": "path", "required": True},
    "connections": {"type": "list", "elements": "dict", "required": True},
    "vault": {"type": "dict", "required": True, "no_log": True},
}


def wanted(build: Path, contents: dict[str, str]) -> list[files.FileSpec]:
    """Return the folder and its files, owned by whoever runs the job."""
    owner = {"owner": getpass.getuser(), "group": grp.getgrgid(os.getgid()).gr_name}
    folder = files.FileSpec(path=str(build), state="directory", mode="0755", **owner)
    return [folder, *(files.FileSpec(path=str(build / name), content=text, **owner) for name, text in contents.items())]


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    folder, build = Path(module.params["folder"]), Path(module.params["build"]).resolve()
    vault = module.params["vault"]
    try:
        plan = plan_site(folder)
        missing = tuple(missing_secrets(plan.secrets, vault))
        if missing:
            raise IntentRefused(missing)
        hosts = ssh_hosts(plan, module.params["connections"], vault)
        change = files.plan(wanted(build, build_folder(plan, hosts, build)), {})
        if change.changed and not module.check_mode:
            files.apply(change, {})
    except NodeError as err:
        module.fail_json(**err.as_result())
    except IntentRefused as refused:
        module.fail_json(msg=str(refused), errors=[error.facts for error in refused])
    except GatekitError as err:
        module.fail_json(msg=str(err), code=err.code, path=err.path, fix=err.fix)
    sha256 = plan_sha256(plan)
    line = f"plan {build / 'plan.json'} sha256 {sha256[:12]}: {len(plan.flows)} flows, {len(plan.addresses)} addresses"
    module.exit_json(changed=change.changed, diff=change.diffs(), sha256=sha256, progress=[line])


if __name__ == "__main__":
    main()
