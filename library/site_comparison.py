"""Ansible module: say what a comparison found; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: site_comparison
short_description: Say what the comparison of the plan with the devices found
description:
  - Reads the document that the callback C(gatekit_comparison) wrote, and gives one line a device.
  - Fails when a device refused; asked for drift also when one is not as planned or does not answer.
  - Runs on the controller; reads only.
options:
  build: {description: Folder of the document., type: path, required: true}
  purpose: {description: What was compared for., type: str, choices: [change, drift], required: true}
attributes:
  check_mode: {support: full, description: Reads the same; the document is a record and is written in check mode too.}
  diff_mode: {support: none, description: Has nothing to show.}
"""

EXAMPLES = r"""
- name: Drift | Say what differs
  site_comparison: {build: build/pattern4, purpose: drift}
"""

RETURN = r"""
progress: {description: A line for each device and the document's path., type: list, elements: str, returned: success}
findings: {description: Device to what was found., type: dict, returned: always}
code: {description: Error code of gatekit., type: str, returned: failure}
path: {description: What was not usable., type: str, returned: failure}
fix: {description: What to do about it., type: str, returned: failure}
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from gatekit.comparison.document import read, summary
from gatekit.comparison.verdict import refuse_drift, refuse_refusals
from gatekit.errors import DeviceError

ARGUMENTS = {
    "build": {"type": "path", "required": True},
    "purpose": {"type": "str", "choices": ["change", "drift"], "required": True},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    build, purpose = Path(module.params["build"]), module.params["purpose"]
    document = build / f"{purpose}.md"
    try:
        comparison = read(build, purpose)
        refuse = refuse_drift if purpose == "drift" else refuse_refusals
        refuse(comparison, document)
    except DeviceError as err:
        module.fail_json(msg=str(err), code=err.code, path=err.path, fix=err.fix)
    findings = {device.name: str(device.finding) for device in comparison.devices}
    whole = f"whole: {document}" + (" (a record, written in check mode too)" if module.check_mode else "")
    module.exit_json(changed=False, findings=findings, progress=[*summary(comparison), whole])


if __name__ == "__main__":
    main()
