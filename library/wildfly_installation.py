"""Ansible module: keep a version of WildFly installed; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: wildfly_installation
short_description: Keep one version of WildFly unpacked beside others, and the link to the one in use
description:
  - Unpacks the archive beside its place and renames it, so that a version is there whole or not at all; marks it
    with the archive's sha256.
  - When the archive is needed and not on the node, nothing is done but to say so in RV(archive_wanted); bring it to
    O(archive) and call again. It is removed once unpacked.
  - Another version in use is never replaced here, since that interrupts the service.
options:
  version: {description: Version that has to be there., type: str, required: true}
  sha256: {description: sha256 of its archive., type: str, required: true}
  archive: {description: Where the archive is put on the node., type: path, required: true}
  link: {description: Link to the version in use; versions stand beside it as LINK-VERSION., type: path, required: true}
  linked: {description: Whether the link has to point to this version., type: bool, default: true}
  base_folder: {description: Folder of configuration and data., type: path, required: true}
  configuration: {description: Name of the server's configuration file., type: str, required: true}
  account: {description: Account that owns configuration and data., type: str, required: true}
attributes:
  check_mode: {support: full, description: Predicts; needs no archive.}
  diff_mode: {support: full, description: Shows what is missing.}
"""

EXAMPLES = r"""
- name: Server | Look whether the version is there
  wildfly_installation:
    version: 39.0.1.Final
    sha256: 2f2f24e786a4a3d0e3fb348aa45f70d7278be00844bc8593a2a50d4d8714f97a
    archive: /opt/.wildfly-39.0.1.Final.zip
    link: /opt/wildfly
    base_folder: /var/lib/wildfly/server
    configuration: gatekit.xml
    account: wildfly
"""

RETURN = r"""
archive_wanted:
  description: Whether the archive has to be brought before anything is done; in check mode nothing is.
  type: bool
  returned: always
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.errors import NodeError
from ansible.module_utils.gatekit.wildfly import installation

ARGUMENTS = {
    "version": {"type": "str", "required": True},
    "sha256": {"type": "str", "required": True},
    "archive": {"type": "path", "required": True},
    "link": {"type": "path", "required": True},
    "linked": {"type": "bool", "default": True},
    "base_folder": {"type": "path", "required": True},
    "configuration": {"type": "str", "required": True},
    "account": {"type": "str", "required": True},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arg = module.params
    layout = installation.Layout(arg["link"], arg["base_folder"], arg["configuration"], arg["account"])
    try:
        change = installation.plan(layout, arg["version"], arg["sha256"], arg["archive"], link=arg["linked"])
        wanted = change.archive_wanted
        if change.changed and not module.check_mode and not wanted:
            installation.apply(change)
    except NodeError as err:
        module.fail_json(**err.as_result())
    wanted = wanted and not module.check_mode
    acted = change.changed and not wanted
    module.exit_json(changed=acted, diff=change.diff() if acted else {}, archive_wanted=wanted)


if __name__ == "__main__":
    main()
