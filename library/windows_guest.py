#!/usr/bin/python
"""Ask the ESXi host how far VM3's Windows is, or take its installation media off."""

from __future__ import annotations

DOCUMENTATION = r"""
module: windows_guest
short_description: Ask the ESXi host how far VM3's Windows is, or take its installation media off
description:
  - With I(state=asked) reads VM3 through the ESXi API. When its first boot has reported, fetches the certificate WinRM
    shows, trusts it only when the site's CA signed it or its SHA-256 is the one the guest gave the host, writes it to
    C(vm3.pem) of I(build), and finds out which password opens. Else notes in C(windows.json) why not.
  - With I(state=cleared) takes every CD drive off VM3 and deletes the answer ISO from the datastore.
  - Runs on the controller, with the controller's Python.
options:
  state: {description: What to do., type: str, choices: [asked, cleared], default: asked}
  host: {description: Address of the ESXi host as the controller reaches it., type: str, required: true}
  port: {description: TCP port of its API., type: int, default: 443}
  user: {description: Account that logs in., type: str, required: true}
  password: {description: The account's password., type: str, required: true}
  ca_pem:
    description: PEM file of the CA that signed the host's certificate, or with I(pinned) of that certificate itself.
    type: path
    required: true
  pinned: {description: The file holds the host's own certificate (first contact)., type: bool, default: false}
  connect_deadline_s: {description: Seconds to wait for the host to answer., type: int, default: 60}
  host_plan: {description: The esxi part of plan.json., type: dict, required: true}
  windows: {description: The windows part of plan.json., type: dict, required: true}
  guest_address: {description: Address of VM3; needed for I(state=asked)., type: str, default: ""}
  guest_passwords:
    description: Windows' passwords, C(administrator) and C(setup); needed for I(state=asked).
    type: dict
    default: {}
  authority: {description: Certificate of the site's CA in PEM; needed for I(state=asked)., type: str, default: ""}
  build: {description: Folder build/<site>., type: path, required: true}
attributes:
  check_mode: {support: full, description: Asks the same and writes nothing.}
  diff_mode: {support: none, description: A certificate and a note on the controller say nothing to people.}
author: gatekit
"""

EXAMPLES = r"""
- name: Windows | Ask the host about VM3's guest
  windows_guest:
    host: 10.161.4.5
    user: root
    password: "{{ vault.esxi_password }}"
    ca_pem: files/site-ca.pem
    host_plan: "{{ esxi_vm_host_plan }}"
    windows: "{{ esxi_vm_windows }}"
    guest_address: 10.161.4.30
    guest_passwords: {administrator: "{{ vault.windows_administrator_password }}"}
    authority: "{{ vault.site_ca_certificate }}"
    build: build/kita
"""

RETURN = r"""
phase: {description: How far the guest is., type: str, returned: success}
reachable: {description: Whether Windows can be logged into., type: bool, returned: success}
first_contact: {description: Whether only the one-time password opens., type: bool, returned: success}
media: {description: ISO files in VM3's drives., type: list, elements: str, returned: success}
code: {description: Error code of gatekit., type: str, returned: failure}
path: {description: What was not usable., type: str, returned: failure}
fix: {description: What to do about it., type: str, returned: failure}
"""

import getpass
import grp
import os
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from gatekit.devices.esxi.parameters import host_plan, target, windows_part
from gatekit.devices.esxi.session import open_session
from gatekit.devices.windows.question import Question, ask, clear
from gatekit.errors import GatekitError
from gatekit.portable import files
from gatekit.portable.errors import NodeError

ARGUMENTS = {
    "state": {"type": "str", "choices": ["asked", "cleared"], "default": "asked"},
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 443},
    "user": {"type": "str", "required": True},
    "password": {"type": "str", "required": True, "no_log": True},
    "ca_pem": {"type": "path", "required": True},
    "pinned": {"type": "bool", "default": False},
    "connect_deadline_s": {"type": "int", "default": 60},
    "host_plan": {"type": "dict", "required": True},
    "windows": {"type": "dict", "required": True},
    "guest_address": {"type": "str", "default": ""},
    "guest_passwords": {"type": "dict", "default": {}, "no_log": True},
    "authority": {"type": "str", "default": ""},
    "build": {"type": "path", "required": True},
}


def main() -> None:
    """Parse, ask or clear, report."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    given, build = module.params, Path(module.params["build"]).resolve()
    try:
        windows = windows_part(given)
        with open_session(target(given, host_plan(given, "host_plan"))) as session:
            if given["state"] == "cleared":
                changed = clear(session, windows, write=not module.check_mode)
                module.exit_json(changed=changed)
            passwords = given["guest_passwords"]
            answer = ask(session, windows, Question(given["guest_address"], passwords, given["authority"]))
        change = files.plan([_file(build, name, content) for name, content in answer.files.items()], {})
        if change.changed and not module.check_mode:
            files.apply(change, {})
    except NodeError as error:
        module.fail_json(**error.as_result())
    except GatekitError as error:
        module.fail_json(msg=str(error), code=error.code, path=error.path, fix=error.fix)
    module.exit_json(changed=change.changed, **answer.as_result())


def _file(build: Path, name: str, content: str) -> Any:
    group = grp.getgrgid(os.getgid()).gr_name
    return files.FileSpec(path=str(build / name), content=content, owner=getpass.getuser(), group=group)


if __name__ == "__main__":
    main()
