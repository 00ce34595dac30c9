#!/usr/bin/python
"""Ansible module: keep dcm4chee's distribution unpacked; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dcm4chee_distribution
short_description: Keep dcm4chee's distribution unpacked for one AE title, and its modules where WildFly finds them
description:
  - Unpacks the zip beside its place and renames it, so that it is there whole or not at all. Its key stores, which
    everybody knows, are left out; its LDIF files get the site's AE title.
  - When the zip is needed and not on the node, nothing is done but to say so in RV(archive_wanted); bring it to
    O(archive) and call again. It is removed once unpacked.
options:
  archive: {description: Where the zip is put on the node., type: path, required: true}
  sha256: {description: sha256 of the zip., type: str, required: true}
  folder: {description: Folder it is unpacked into., type: path, required: true}
  modules: {description: WildFly's folder of modules outside its version., type: path, required: true}
  ae_title: {description: AE title of the archive., type: str, required: true}
attributes:
  check_mode: {support: full, description: Predicts; needs no zip.}
  diff_mode: {support: full, description: Shows what is missing.}
"""

EXAMPLES = r"""
- name: Archive | Look whether its distribution is there
  dcm4chee_distribution:
    archive: /opt/.dcm4chee-5.34.3.zip
    sha256: "{{ archive.distribution.artefact.sha256 }}"
    folder: /opt/dcm4chee-5.34.3
    modules: /var/lib/wildfly/modules
    ae_title: KITA_GW
"""

RETURN = r"""
archive_wanted: {description: Whether the zip has to be brought before anything is done., type: bool, returned: always}
changed_paths: {description: What was unpacked., type: list, elements: str, returned: always}
deployments:
  description: File name to sha256 of its applications; empty as long as it is not unpacked.
  type: dict
  returned: always
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.dcm4chee import distribution
from ansible.module_utils.gatekit.errors import NodeError

ARGUMENTS = {
    "archive": {"type": "path", "required": True},
    "sha256": {"type": "str", "required": True},
    "folder": {"type": "path", "required": True},
    "modules": {"type": "path", "required": True},
    "ae_title": {"type": "str", "required": True},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    wanted = distribution.Wanted(**module.params)
    try:
        change = distribution.plan(wanted)
        missing = change.archive_wanted
        if change.changed and not module.check_mode and not missing:
            distribution.apply(change)
    except NodeError as err:
        module.fail_json(**err.as_result())
    acted = change.changed and (module.check_mode or not missing)
    module.exit_json(
        changed=acted,
        diff=change.diff() if acted else {},
        archive_wanted=missing,
        changed_paths=sorted(change.after) if acted else [],
        deployments=distribution.deployments(wanted),
    )


if __name__ == "__main__":
    main()
