#!/usr/bin/python
"""Ansible module: ask the hospital's linked systems, each in its own protocol; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: connection_probe
short_description: Ask the hospital's linked systems, each in its own protocol
description:
  - Runs on the host that talks to them. Connects, then says what the protocol says first; all systems at once.
  - Reads and stores nothing of a patient; writes nothing anywhere. What the answers mean is decided on the controller.
  - A password is sent only to a server whose confirmed host key is given.
options:
  systems:
    description: The systems, each once.
    type: list
    elements: dict
    required: true
    options:
      name: {description: Unique name., type: str, required: true}
      protocol:
        description: What is spoken; own_listener asks a listener of this host instead of a system that calls us.
        type: str
        choices: [dicom, hl7_mllp, http, https, own_listener, sftp, smb, sql]
        required: true
      address: {description: IPv4 address., type: str, required: true}
      port: {description: TCP port., type: int, required: true}
      path: {description: Path of a URL or a folder (http, https, sftp)., type: str}
      account: {description: Account (sftp)., type: str}
      password: {description: Its password (sftp)., type: str}
      host_key: {description: Confirmed fingerprint of the server's host key (sftp), as SHA256 and base64., type: str}
      calling_ae_title: {description: Our AE title (dicom)., type: str}
      called_ae_title: {description: The system's AE title (dicom)., type: str}
      information_model:
        description: Query/Retrieve information model (dicom).
        type: str
        choices: [study_root, patient_root]
      test_patient: {description: Id of a test patient to look for (dicom)., type: str}
  timeout_s: {description: Longest time for one system in seconds., type: int, default: 30}
attributes:
  check_mode: {support: full, description: Asks nobody; the answers are empty.}
  diff_mode: {support: none, description: Nothing is changed.}
"""

EXAMPLES = r"""
- name: Connection test | Ask the PACS
  connection_probe:
    systems:
      - {name: pacs.main, protocol: dicom, address: 192.168.30.10, port: 104,
         calling_ae_title: KITA_GW, called_ae_title: KITA_PACS, information_model: study_root}
"""

RETURN = r"""
answers:
  description: For each system its steps in order, each with name, outcome, facts, at (UTC) and duration_ms.
  type: dict
  returned: always
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.connection.ask import ask_all
from ansible.module_utils.gatekit.connection.dialogue import Asked

SYSTEM = {
    "name": {"type": "str", "required": True},
    "protocol": {
        "type": "str",
        "choices": ["dicom", "hl7_mllp", "http", "https", "own_listener", "sftp", "smb", "sql"],
        "required": True,
    },
    "address": {"type": "str", "required": True},
    "port": {"type": "int", "required": True},
    "path": {"type": "str"},
    "account": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "host_key": {"type": "str"},
    "calling_ae_title": {"type": "str"},
    "called_ae_title": {"type": "str"},
    "information_model": {"type": "str", "choices": ["study_root", "patient_root"]},
    "test_patient": {"type": "str"},
}
ARGUMENTS = {
    "systems": {"type": "list", "elements": "dict", "required": True, "options": SYSTEM},
    "timeout_s": {"type": "int", "default": 30},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    systems = [Asked(**row) for row in module.params["systems"]]
    answers = {} if module.check_mode else ask_all(systems, module.params["timeout_s"])
    module.exit_json(changed=False, answers=answers)


if __name__ == "__main__":
    main()
