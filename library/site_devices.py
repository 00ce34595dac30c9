"""Ansible module: say which devices of a site answer; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: site_devices
short_description: Begin a comparison of the plan with the devices
description:
  - Opens a TCP connection to every device of the site, and where the operator's key is the login, tries it with the
    site's known_hosts. A device that does not answer, or is another one, is left out of what follows, with the reason.
  - The callback C(gatekit_comparison) collects, from here on, what tasks in check mode would change.
  - Runs on the controller.
options:
  folder: {description: "Folder of the site, such as inventories/pattern4.", type: path, required: true}
  build: {description: Folder for the document., type: path, required: true}
  purpose: {description: What for; the document's name., type: str, choices: [change, drift], required: true}
  doors:
    description: Where each device lets us in, from the filter C(device_doors).
    type: list
    elements: dict
    required: true
  tags:
    description: The run's tags, C(ansible_run_tags); a device they leave out is not asked.
    type: list
    elements: str
    default: [all]
attributes:
  check_mode: {support: full, description: Asks the same; an earlier document stays until the new one is written.}
  diff_mode: {support: none, description: Has nothing to show.}
"""

EXAMPLES = r"""
- name: Comparison | Ask which devices answer
  site_devices:
    folder: inventories/pattern4
    build: build/pattern4
    purpose: change
    doors: "{{ hostvars | device_doors(groups) }}"
"""

RETURN = r"""
left_out: {description: Devices that do not answer or let nobody in., type: list, elements: str, returned: always}
comparison: {description: The comparison before anything was compared., type: dict, returned: always}
folder: {description: Where the document will stand., type: str, returned: always}
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from gatekit.comparison.devices import closed, doors, in_scope, listed
from gatekit.comparison.document import forget
from gatekit.errors import GatekitError, IntentRefused
from gatekit.plan.make import plan_site

ARGUMENTS = {
    "folder": {"type": "path", "required": True},
    "build": {"type": "path", "required": True},
    "purpose": {"type": "str", "choices": ["change", "drift"], "required": True},
    "doors": {"type": "list", "elements": "dict", "required": True},
    "tags": {"type": "list", "elements": "str", "default": ["all"]},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    build = Path(module.params["build"]).resolve()
    try:
        plan = plan_site(Path(module.params["folder"]))
    except IntentRefused as refused:
        module.fail_json(msg=str(refused), errors=[error.facts for error in refused])
    except GatekitError as err:
        module.fail_json(msg=str(err), code=err.code, path=err.path, fix=err.fix)
    if not module.check_mode:
        forget(build, module.params["purpose"])
    asked = [door for door in doors(module.params["doors"]) if in_scope(door.device, module.params["tags"])]
    left_out = closed(asked, build / "ssh_config")
    comparison = listed(plan, module.params["purpose"], left_out)
    module.exit_json(
        changed=False,
        left_out=sorted(left_out),
        comparison=comparison.model_dump(mode="json"),
        folder=str(build),
    )


if __name__ == "__main__":
    main()
