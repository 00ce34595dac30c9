"""Ansible module: keep the key store of an https listener; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
module: wildfly_keystore
short_description: Keep a PKCS12 file made of a PEM certificate and its key
description:
  - Opens the file with its password and compares key and certificates, since two PKCS12 files of the same content
    never have the same bytes.
  - The file is made with the node's openssl, beside its place, mode 0600, and renamed.
options:
  path: {description: Path of the file., type: path, required: true}
  account: {description: Account that owns it., type: str, required: true}
  certificate: {description: "Leaf, then its chain, as PEM.", type: str, required: true}
  secret_key: {description: Unencrypted private key of the leaf as PEM., type: str, required: true}
  password: {description: Password of the file., type: str, required: true}
attributes:
  check_mode: {support: full, description: Predicts.}
  diff_mode: {support: full, description: Shows fingerprints of certificates only.}
"""

EXAMPLES = r"""
- name: Certificate | Make the key store
  wildfly_keystore:
    path: /etc/wildfly/https.p12
    account: wildfly
    certificate: "{{ vault.tls_certificate_vm1 }}"
    secret_key: "{{ vault.tls_key_vm1 }}"
    password: "{{ vault.wildfly_keystore_password }}"
"""

RETURN = r"""
changed_paths: {description: The path when it was written., type: list, elements: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.gatekit.errors import NodeError
from ansible.module_utils.gatekit.wildfly import keystore

ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "account": {"type": "str", "required": True},
    "certificate": {"type": "str", "required": True},
    "secret_key": {"type": "str", "required": True, "no_log": True},
    "password": {"type": "str", "required": True, "no_log": True},
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    path, account, certificate, key, password = (module.params[name] for name in ARGUMENTS)
    try:
        change = keystore.plan(path, account, certificate, key, password)
        if change.changed and not module.check_mode:
            keystore.apply(change, certificate, key, password)
    except NodeError as err:
        module.fail_json(**err.as_result())
    module.exit_json(changed=change.changed, diff=change.diff(), changed_paths=[path] if change.changed else [])


if __name__ == "__main__":
    main()
