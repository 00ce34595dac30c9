"""Ansible module: bring the whole cluster back to a moment; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: postgresql_point_in_time
short_description: Bring every database of a cluster back to a moment
description:
  - Acts on every call. Takes the newest base backup before the moment and the archived log up to it. The present data
    folder is moved aside and put back when the recovery does not succeed.
options:
  port: {description: Port of the server., type: int, required: true}
  unit: {description: Unit of the cluster., type: str, required: true}
  folder: {description: Folder of the backups., type: str, required: true}
  data: {description: Data folder of the cluster., type: str, required: true}
  moment: {description: "ISO 8601 with offset, such as 2026-11-23T09:30:00+09:00.", type: str, required: true}
  consent: {description: The same moment again., type: str, default: ""}
attributes:
  check_mode: {support: full, description: Refuses as the real run would.}
  diff_mode: {support: full, description: Shows the moment.}
"""

EXAMPLES = r"""
- name: Restore | Bring every database back to the moment before the accident
  postgresql_point_in_time:
    port: 5432
    unit: postgresql@17-main.service
    folder: /var/backups/postgresql
    data: /var/lib/postgresql/17/main
    moment: "2026-11-23T09:30:00+09:00"
    consent: "2026-11-23T09:30:00+09:00"
"""

RETURN = r"""
base: {description: Folder of the base backup the way began with., type: str, returned: always}
moved_to: {description: Where the data of before stand now; empty in check mode., type: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.errors import NodeError
from ansible.module_utils.gatekit.postgresql import point_in_time

ARGUMENTS = {
    "port": {"type": "int", "required": True},
    "unit": {"type": "str", "required": True},
    "folder": {"type": "str", "required": True},
    "data": {"type": "str", "required": True},
    "moment": {"type": "str", "required": True},
    "consent": {"type": "str", "default": ""},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    wanted, moved_to = point_in_time.Moment(**module.params), ""
    try:
        change = point_in_time.plan(wanted)
        if change.changed and not module.check_mode:
            moved_to = point_in_time.apply(wanted, change)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diff(), base=change.base, moved_to=moved_to)


if __name__ == "__main__":
    main()
