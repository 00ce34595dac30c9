"""Ansible module: wait until the archive works; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: archive_ready
short_description: Wait until the archive of this node answers by HTTP and by C-ECHO
description:
  - Asks the archive the way its users do, on loopback. Nothing is read from a log.
  - For dcm4chee the status of WildFly's deployments and of the archive's control interface count as well.
options:
  engine: {description: Which archive., type: str, choices: [dcm4chee, orthanc], required: true}
  ae_title: {description: AE title that is called and that calls., type: str, required: true}
  dicom_port: {description: DICOM port., type: int, required: true}
  http_port: {description: HTTP port., type: int, required: true}
  timeout_s: {description: How long to wait for it., type: int, default: 120}
  management:
    description: WildFly's management interface; dcm4chee only.
    type: dict
    options:
      port: {description: Port on loopback., type: int, required: true}
      account: {description: Account of the management realm., type: str, required: true}
      password: {description: Its password., type: str, required: true}
      deployments:
        description: Deployments that have to be there and OK; none means every one that is there.
        type: list
        elements: str
        default: []
attributes:
  check_mode: {support: full, description: Asks once and reports; an archive that is not there yet is no failure.}
  diff_mode: {support: none, description: Nothing changes.}
"""

EXAMPLES = r"""
- name: Archive | Wait until it works
  archive_ready:
    engine: orthanc
    ae_title: KITA_GW
    dicom_port: 11112
    http_port: 8042
"""

RETURN = r"""
faults: {description: What is not ready; only check mode ends with any., type: list, elements: str, returned: success}
waited_s: {description: Seconds until it was ready., type: float, returned: success}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit import archive_ready
from ansible.module_utils.gatekit.errors import NodeError

MANAGEMENT = {
    "port": {"type": "int", "required": True},
    "account": {"type": "str", "required": True},
    "password": {"type": "str", "required": True, "no_log": True},
    "deployments": {"type": "list", "elements": "str", "default": []},
}
ARGUMENTS = {
    "engine": {"type": "str", "choices": ["dcm4chee", "orthanc"], "required": True},
    "ae_title": {"type": "str", "required": True},
    "dicom_port": {"type": "int", "required": True},
    "http_port": {"type": "int", "required": True},
    "timeout_s": {"type": "int", "default": 120},
    "management": {"type": "dict", "options": MANAGEMENT},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    asked = {name: module.params[name] for name in ("engine", "ae_title", "dicom_port", "http_port")}
    given = module.params["management"]
    management = archive_ready.Management(**{**given, "deployments": tuple(given["deployments"])}) if given else None
    target = archive_ready.Target(**asked, management=management)
    faults: tuple[str, ...] = ()
    waited_s = 0.0
    try:
        if module.check_mode:
            faults = archive_ready.observe(target)
        else:
            waited_s = archive_ready.wait(target, module.params["timeout_s"])
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=False, faults=faults, waited_s=round(waited_s, 3))


if __name__ == "__main__":
    main()
