"""Ansible module: keep a WildFly server's configuration; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: wildfly_server
short_description: Keep resources, secrets and applications of a running WildFly as one change
description:
  - Reads the server's whole model over its management API, decides, and applies what differs as one composite
    operation, which the server does wholly or not at all; then reloads it if it asks for that, and reads again.
  - Several roles can each keep a part under a name of their own (O(owner)). What an owner added and no longer
    wants is removed; what it never added stays.
  - When an application has to be deployed and its archive is not on the node, nothing is done but to name it in
    RV(wanted_archives); bring it and call again.
options:
  owner: {description: Name of the part; its record is the system property C(gatekit.OWNER)., type: str, required: true}
  port: {description: Port of the management API on loopback., type: int, required: true}
  user: {description: Account of the management API., type: str, required: true}
  password: {description: Its password., type: str, required: true}
  unit: {description: systemd unit of the server., type: str, default: wildfly.service}
  start_timeout_s: {description: Seconds a start or reload may take., type: int, default: 180}
  credential_store:
    description: Address of the store that holds secrets.
    type: str
    default: /subsystem=elytron/credential-store=gatekit
  secrets:
    description: Values of the secrets that attributes name as C(<secret NAME>); the attribute gets the alias.
    type: dict
    default: {}
  fingerprint_key:
    description: Key of the fingerprints by which a changed secret is noticed; the store gives no value back.
    type: str
    required: true
  resources:
    description: Resources in the order they can be added.
    type: list
    elements: dict
    default: []
    options:
      address: {description: Address as the command line writes it., type: str, required: true}
      state: {description: Wanted state., type: str, choices: [present, absent], default: present}
      attributes: {description: Attributes to keep; null means undefined. Others stay., type: dict, default: {}}
  deployments:
    description: Applications.
    type: list
    elements: dict
    default: []
    options:
      name: {description: Name with its suffix., type: str, required: true}
      sha256: {description: sha256 of its archive., type: str, required: true}
      file: {description: Where the archive is put on the node when it is wanted., type: str, required: true}
attributes:
  check_mode: {support: full, description: Predicts; a server that does not answer counts as one that comes first.}
  diff_mode: {support: full, description: Shows addresses and attributes; secrets appear as aliases only.}
"""

EXAMPLES = r"""
- name: Server | Keep the archive's data source
  wildfly_server:
    owner: archive
    port: 9990
    user: gatekit
    password: "{{ wildfly_secrets.wildfly_management_password }}"
    fingerprint_key: "{{ wildfly_secrets.wildfly_keystore_password }}"
    secrets: {archive_database_password: "{{ wildfly_secrets.archive_database_password }}"}
    resources:
      - address: /subsystem=datasources/data-source=PacsDS
        attributes:
          jndi-name: java:/PacsDS
          credential-reference: {store: gatekit, alias: <secret archive_database_password>}
"""

RETURN = r"""
wanted_archives:
  description: sha256 of each archive that has to be brought before anything is done; in check mode none is.
  type: list
  elements: str
  returned: always
server_state: {description: What the server said of itself before the change., type: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.errors import NodeError
from ansible.module_utils.gatekit.wildfly import keeping

RESOURCE = {
    "address": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "attributes": {"type": "dict", "default": {}},
}
DEPLOYMENT = {
    "name": {"type": "str", "required": True},
    "sha256": {"type": "str", "required": True},
    "file": {"type": "str", "required": True},
}
ARGUMENTS = {
    "owner": {"type": "str", "required": True},
    "port": {"type": "int", "required": True},
    "user": {"type": "str", "required": True},
    "password": {"type": "str", "required": True, "no_log": True},
    "unit": {"type": "str", "default": "wildfly.service"},
    "start_timeout_s": {"type": "int", "default": 180},
    "credential_store": {"type": "str", "default": "/subsystem=elytron/credential-store=gatekit"},
    "secrets": {"type": "dict", "default": {}, "no_log": True},
    "fingerprint_key": {"type": "str", "required": True, "no_log": True},
    "resources": {"type": "list", "elements": "dict", "default": [], "options": RESOURCE},
    "deployments": {"type": "list", "elements": "dict", "default": [], "options": DEPLOYMENT},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    try:
        kept = keeping.keep(module.params, predict=module.check_mode)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(**kept)


if __name__ == "__main__":
    main()
