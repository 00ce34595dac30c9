#!/usr/bin/python
"""Keep our part of a firewall, a CPE or an L3 switch as planned, without losing the device."""

from __future__ import annotations

DOCUMENTATION = r"""
module: network_device
short_description: Keep our part of a network device as planned
description:
  - Reads the device, decides what has to be sent, arms the device's own undo timer (where it has one), sends line by
    line, and keeps the change only when a new login works, every probe passes and the device is what was asked for.
  - Otherwise the device is led back to what it was, and the module fails with the reason.
  - Only what is ours is compared and changed; on a hospital's L3 switch exactly our routes.
  - Runs on the controller, with the controller's Python.
options:
  platform: {description: Operating system as the product catalogue names it., type: str, required: true}
  kind: {description: What the part is for., type: str, required: true, choices: [firewall, cpe, l3_switch]}
  part: {description: The device's part of plan.json., type: dict, required: true}
  unit: {description: Which unit of a CPE., type: str, choices: [main, spare]}
  state:
    description:
      - Whether our part is there as I(part) says (present) or not at all (absent, for an L3 switch's routes only).
      - Or what was remembered of this device instead of I(part), the last state that was confirmed (confirmed) or the
        one before it (earlier).
    type: str
    default: present
    choices: [present, absent, confirmed, earlier]
  host: {description: Address of the device as the controller reaches it., type: str, required: true}
  port: {description: TCP port of SSH., type: int, default: 22}
  user: {description: Account that logs in., type: str, required: true}
  password: {description: Its password; this or I(identity_file)., type: str}
  previous_password:
    description: The password until this change, while I(password) renews it.
    type: str
  identity_file: {description: Private key file of the account., type: path}
  known_hosts: {description: File with the device's host key., type: path, required: true}
  secrets:
    description: Secrets that the configuration names, and C(fingerprint_key), under which applied ones are remembered.
    type: dict
    required: true
  record: {description: Folder of what the controller remembers of the site's devices., type: path, required: true}
  plan_sha256: {description: Of the plan that the part comes from., type: str, required: true}
  seen: {description: Fingerprint of the state that the approved plan was made for., type: str}
  undo_after_s: {description: Seconds until the device undoes an unconfirmed change., type: int, default: 300}
  interruption_allowed: {description: Whether traffic may stop for a moment., type: bool, default: false}
  probes: {default: []}
extends_documentation_fragment: device_probes
attributes:
  check_mode: {support: full, description: Reads the device and predicts every line.}
  diff_mode: {support: full, description: Shows the lines, secrets by name.}
author: gatekit
"""

EXAMPLES = r"""
- name: Device | Keep as planned
  network_device:
    platform: junos
    kind: firewall
    part: "{{ gatekit_plan.firewall }}"
    host: 10.161.4.254
    user: gwops
    password: "{{ vault.firewall_password }}"
    known_hosts: build/known_hosts
    secrets: {vpn_psk: "{{ vault.vpn_psk }}", fingerprint_key: "{{ vault.fingerprint_key }}"}
    record: build/pattern4/devices
    plan_sha256: "{{ gatekit_plan_sha256 }}"
    probes:
      - name: PACS to portal
        target: {backend: "ssh://pacs", zone: TRUST, address: 192.168.30.10}
        question: {op: tcp, address: 10.200.1.10, port: 443, timeout_s: 3}
"""

RETURN = r"""
ending: {description: unchanged predicted confirmed or reverted., type: str, returned: when the device was read}
lines: {description: What was or would be sent secrets by name., type: list, elements: str, returned: success}
interrupts: {description: Whether traffic may stop for a moment., type: bool, returned: success}
touches: {description: What the lines can take down., type: list, elements: str, returned: success}
seen: {description: Fingerprint of the state before., type: str, returned: success}
device: {description: Model and version., type: dict, returned: success}
probes: {description: Each answer., type: list, elements: dict, returned: when asked}
seconds: {description: Duration of each step., type: dict, returned: success}
code: {description: Error code of gatekit., type: str, returned: failure}
path: {description: What was not usable., type: str, returned: failure}
fix: {description: What to do about it., type: str, returned: failure}
"""

from ansible.module_utils.basic import AnsibleModule

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.parameters import PROBE_OPTIONS, change_request, device_record, report
from gatekit.devices.change.request import RevertedError
from gatekit.errors import GatekitError

ARGUMENTS = {
    "platform": {"type": "str", "required": True},
    "kind": {"type": "str", "required": True, "choices": ["firewall", "cpe", "l3_switch"]},
    "part": {"type": "dict", "required": True},
    "unit": {"type": "str", "choices": ["main", "spare"]},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent", "confirmed", "earlier"]},
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 22},
    "user": {"type": "str", "required": True},
    "password": {"type": "str", "no_log": True},
    "previous_password": {"type": "str", "no_log": True},
    "identity_file": {"type": "path"},
    "known_hosts": {"type": "path", "required": True},
    "secrets": {"type": "dict", "required": True, "no_log": True},
    "record": {"type": "path", "required": True},
    "plan_sha256": {"type": "str", "required": True},
    "seen": {"type": "str"},
    "undo_after_s": {"type": "int", "default": 300},
    "interruption_allowed": {"type": "bool", "default": False},
    "probes": {"type": "list", "elements": "dict", "default": [], "options": PROBE_OPTIONS},
}


def main() -> None:
    """Parse, change, report."""
    module = AnsibleModule(
        ARGUMENTS,
        supports_check_mode=True,
        required_one_of=[("password", "identity_file")],
        mutually_exclusive=[("password", "identity_file")],
    )
    try:
        request = change_request(module.params, check=module.check_mode)
        outcome = change_device(request, device_record(module.params, request.part))
    except RevertedError as error:
        evidence = report(error.outcome)
        module.fail_json(msg=str(error), code=error.code, path=error.path, fix=error.fix, **evidence)
    except GatekitError as error:
        module.fail_json(msg=str(error), code=error.code, path=error.path, fix=error.fix)
    module.exit_json(**report(outcome))


if __name__ == "__main__":
    main()
