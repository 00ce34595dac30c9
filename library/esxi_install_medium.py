#!/usr/bin/python
"""Make or remove the medium that installs a site's ESXi host by itself."""

from __future__ import annotations

DOCUMENTATION = r"""
module: esxi_install_medium
short_description: Make or remove the medium that installs a site's ESXi host by itself
description:
  - Copies the operator's ESXi installer ISO with a script and changed boot options, as ISO and as tree for a USB
    stick, into C(esxi_install_medium/) of the build folder (mode 0700), and reads it back.
  - The medium wipes the server. It is refused for a site whose C(hospital.stage) is live, for another ISO than the
    site file's, for one that is not an ESXi installer, and below 8.0.
  - Remove it after the install, since it holds the hash of root's password; C(esxi_install_medium.json) stays.
  - Runs on the controller, with the controller's Python.
options:
  folder: {description: "Folder of the site, such as inventories/pattern4.", type: path, required: true}
  build: {description: Folder for what is generated., type: path, required: true}
  root_password: {description: "Password of root, from the vault; needed to make the medium.", type: str}
  state: {description: Whether the medium has to be there., type: str, choices: [present, absent], default: present}
attributes:
  check_mode: {support: full, description: "Predicts the write; the ISO's sha256 is compared."}
  diff_mode: {support: full, description: "Which host it installs, from which ISO."}
author: gatekit
"""

EXAMPLES = r"""
- name: ESXi medium | Make it
  esxi_install_medium:
    folder: inventories/pattern4
    build: build/pattern4
    root_password: "{{ vault.esxi_password }}"
"""

RETURN = r"""
record: {description: What was made; see the record's file., type: dict, returned: when something was made}
code: {description: Error code of gatekit., type: str, returned: failure}
"""

import datetime as dt
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from gatekit.errors import GatekitError, IntentRefused
from gatekit.install.esxi import Medium, installation, installer_iso, make_medium, plan_medium, remove_medium
from gatekit.intent.load import load_intent
from gatekit.plan.make import make_plan

ARGUMENTS = {
    "folder": {"type": "path", "required": True},
    "build": {"type": "path", "required": True},
    "root_password": {"type": "str", "no_log": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}


def wanted(folder: Path, medium: Path, root_password: str) -> Medium:
    """Return what is to be made; IntentRefused when it must not be."""
    intent = load_intent(folder)
    wish = installation(intent, make_plan(intent).esxi)
    source = installer_iso(intent, folder)
    installer = intent.site.appliance.esxi_installer
    assert installer is not None, "installer_iso refuses a site without one"
    return Medium(wish, source, installer.iso.sha256, medium, root_password)


def main() -> None:
    """Parse, decide, perhaps act, report."""
    needs = [("state", "present", ["root_password"])]
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True, required_if=needs)
    medium = Path(module.params["build"]).resolve() / "esxi_install_medium"
    try:
        if module.params["state"] == "absent":
            there = remove_medium(medium, predict=module.check_mode)
            module.exit_json(changed=there, diff={"before": {"present": there}, "after": {"present": False}})
        order = wanted(Path(module.params["folder"]), medium, module.params["root_password"])
        change = plan_medium(order)
        made = change.changed and not module.check_mode
        record = make_medium(order, dt.datetime.now(dt.UTC).date()) if made else None
    except IntentRefused as refused:
        module.fail_json(msg=str(refused), errors=[error.facts for error in refused])
    except GatekitError as error:
        module.fail_json(msg=str(error), code=error.code, path=error.path, fix=error.fix)
    shown = {"before": change.before, "after": change.after}
    module.exit_json(changed=change.changed, diff=shown, record=record and record.model_dump(mode="json"))


if __name__ == "__main__":
    main()
