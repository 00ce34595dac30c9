"""Make the vault of a new site: fresh random secrets, encrypted before they touch the disk.

    python tools/new_vault.py inventories/<site> [--vault-password-file FILE]

Writes inventories/<site>/group_vars/all/vault.yml with the mapping ``vault``, one secret for each
name the site's plan asks for, and a new site CA that signed VM1's and VM3's certificates (``site_ca_certificate``
goes to the data centre, whose portal checks it; paste another certificate and key over VM1's where the
operator has a CA of its own). Nothing is overwritten. Without a password file ansible-vault asks,
or takes what ANSIBLE_VAULT_PASSWORD_FILE says.
"""

from __future__ import annotations

import argparse
import base64
import os
import secrets
import string
import subprocess
import sys
from pathlib import Path

import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the tool runs from a checkout that is not installed

from gatekit.certificates.authority import SERVER, issue, new_authority  # noqa: E402 - after the path
from gatekit.errors import IntentRefused, PlanError  # noqa: E402 - after the path
from gatekit.plan.make import plan_site  # noqa: E402
from gatekit.plan.model import Plan  # noqa: E402

PSK_BYTES = 32
HASH_KEY_BYTES = 32
PASSWORD_LENGTH = 32
# ESXi asks for all four classes (catalogue/hardening/esxi.yml) and counts neither a capital at the start nor a digit at
# the end; no character that a shell, YAML or a US keyboard on the console twists.
CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-._+")


def fresh_secret(name: str) -> str:
    """Return a new random secret of the kind that ``name`` asks for.

    Raises:
        ValueError: nothing is known about the name; that is a fault of this tool.
    """
    if name.endswith("_psk"):
        return base64.b64encode(secrets.token_bytes(PSK_BYTES)).decode()
    if name.endswith("_password"):
        return _password()
    if name.endswith(("_hash_key", "fingerprint_key")):
        return secrets.token_hex(HASH_KEY_BYTES)
    if name.startswith("ssh_host_key_"):
        key = Ed25519PrivateKey.generate()
        return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    raise ValueError(f"{name}: teach tools/new_vault.py how to make this secret")


def _password() -> str:
    while True:
        text = "".join(secrets.choice("".join(CLASSES)) for _ in range(PASSWORD_LENGTH))
        if text[0].isalnum() and all(set(text[1:-1]) & set(kind) for kind in CLASSES):
            return text


def fresh_certificates(plan: Plan) -> dict[str, str]:
    """Return the certificates and keys of VM1 and VM3 under the plan's names, and the new CA that signed them."""
    authority, web = new_authority(f"gatekit {plan.site}"), plan.vm1.apache
    names = [x509.DNSName(web.host_name), x509.IPAddress(web.address)]
    issued = issue(authority, web.host_name, names, SERVER)
    ours = {web.certificate.certificate: issued.certificate, web.certificate.key: issued.key}
    vm3, winrm = plan.vm("vm3"), plan.windows.certificate
    issued = issue(authority, vm3.host_name, [x509.DNSName(vm3.host_name), x509.IPAddress(vm3.address)], SERVER)
    ours |= {winrm.certificate: issued.certificate, winrm.key: issued.key}
    return ours | {"site_ca_certificate": authority.certificate, "site_ca_key": authority.key}


def vault_text(plan: Plan) -> str:
    """Return the clear text of a vault with everything the plan asks for, all of it fresh."""
    vault = fresh_certificates(plan)
    vault |= {name: fresh_secret(name) for name in plan.secrets if name not in vault}
    return yaml.safe_dump({"vault": vault})


def encrypted(text: str, password_file: Path | None) -> str:
    """Return the text as ansible-vault encrypts it, handed over in pipes.

    Raises:
        subprocess.CalledProcessError: ansible-vault refused; it has said why on standard error.
    """
    command = [sys.executable, "-m", "ansible", "vault", "encrypt", "--output", "-"]
    if password_file is not None:
        command += ["--vault-password-file", str(password_file)]
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet, readable for its owner only; FileExistsError otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def main(arguments: list[str] | None = None) -> int:
    """Make the vault and return 0, or say on standard error why not and return 1."""
    parser = argparse.ArgumentParser(description="Make the vault of a new site.")
    parser.add_argument("folder", type=Path, help="the site, such as inventories/minato")
    parser.add_argument("--vault-password-file", type=Path, help="as for ansible-vault")
    wanted = parser.parse_args(arguments)
    path: Path = wanted.folder / "group_vars" / "all" / "vault.yml"
    try:
        if path.exists():
            raise FileExistsError
        write_new(path, encrypted(vault_text(plan_site(wanted.folder)), wanted.vault_password_file))
    except FileExistsError:
        print(f"{path} exists and is left as it is; move it away to make a new one.", file=sys.stderr)
        return 1
    except (IntentRefused, PlanError) as refused:
        print(refused, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError:
        print("ansible-vault did not encrypt; nothing was written.", file=sys.stderr)
        return 1
    print(f"{path} written, encrypted. Keep the vault password where the project keeps its passwords.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
