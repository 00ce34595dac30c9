"""Ansible module: change the version of WildFly in use; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: wildfly_version
short_description: Change the version of WildFly in use, forward or back, and measure the interruption
description:
  - Stops the server, keeps its configuration and contents under the old version's name, points the link to the other
    version and starts it. Requests go to O(path) through the whole change.
  - The change stands when the server says it is that version and running, every application that was well is well
    again, and the request is answered as before. Otherwise the old version and its configuration come back by
    themselves, and the module fails with the reason.
options:
  version:
    description: Version that has to be in use; with O(back) empty means the one that was in use last.
    type: str
    default: ""
  back: {description: Whether the configuration kept under that version's name comes back., type: bool, default: false}
  link: {description: Link to the version in use., type: path, required: true}
  base_folder: {description: Folder of configuration and data., type: path, required: true}
  configuration: {description: Name of the server's configuration file., type: str, required: true}
  account: {description: Account that owns configuration and data., type: str, required: true}
  unit: {description: systemd unit of the server., type: str, default: wildfly.service}
  start_timeout_s: {description: Seconds a start may take., type: int, default: 300}
  port: {description: Port of the management API on loopback., type: int, required: true}
  user: {description: Account of the management API., type: str, required: true}
  password: {description: Its password., type: str, required: true}
  http_port: {description: Port the requests go to., type: int, required: true}
  path: {description: Path the requests ask for., type: str, default: /}
attributes:
  check_mode: {support: full, description: Predicts; nothing is stopped.}
  diff_mode: {support: full, description: Shows the two versions.}
"""

EXAMPLES = r"""
- name: Version | Go back to the version before
  wildfly_version:
    back: true
    link: /opt/wildfly
    base_folder: /var/lib/wildfly/server
    configuration: gatekit.xml
    account: wildfly
    port: 9990
    user: gatekit
    password: "{{ vault.wildfly_management_password }}"
    http_port: 8080
"""

RETURN = r"""
outage:
  description: How many requests were sent, how many failed, and the seconds without a good answer.
  type: dict
  returned: always
versions: {description: The version before and after., type: list, elements: str, returned: always}
"""

from functools import partial

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.errors import NodeError
from ansible.module_utils.gatekit.wildfly import installation, version_switch
from ansible.module_utils.gatekit.wildfly.management import Endpoint, Management
from ansible.module_utils.gatekit.wildfly.outage import NONE, ask_status

ARGUMENTS = {
    "version": {"type": "str", "default": ""},
    "back": {"type": "bool", "default": False},
    "link": {"type": "path", "required": True},
    "base_folder": {"type": "path", "required": True},
    "configuration": {"type": "str", "required": True},
    "account": {"type": "str", "required": True},
    "unit": {"type": "str", "default": "wildfly.service"},
    "start_timeout_s": {"type": "int", "default": 300},
    "port": {"type": "int", "required": True},
    "user": {"type": "str", "required": True},
    "password": {"type": "str", "required": True, "no_log": True},
    "http_port": {"type": "int", "required": True},
    "path": {"type": "str", "default": "/"},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg, outage = module.params, NONE
    layout = installation.Layout(arg["link"], arg["base_folder"], arg["configuration"], arg["account"])
    endpoint = Endpoint(arg["port"], arg["user"], arg["password"])
    service = version_switch.Service(
        arg["unit"],
        arg["start_timeout_s"],
        partial(Management, endpoint),
        partial(ask_status, arg["http_port"], arg["path"]),
    )
    try:
        change = version_switch.plan(layout, arg["version"], back=arg["back"])
        if change.changed and not module.check_mode:
            outage = version_switch.apply(change, service)
    except NodeError as err:
        module.fail_json(**err.as_result())
    versions = [change.source, change.target]
    module.exit_json(changed=change.changed, diff=change.diff(), outage=outage.as_result(), versions=versions)


if __name__ == "__main__":
    main()
