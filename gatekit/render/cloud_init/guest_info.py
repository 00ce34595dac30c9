"""The two documents as the guestinfo keys a VM carries, and the mark that tells them apart."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
from dataclasses import dataclass, field

from gatekit.errors import RenderError
from gatekit.plan.appliance import VmPlan
from gatekit.render.cloud_init.metadata import metadata
from gatekit.render.cloud_init.user_data import user_data

ENCODING = "gzip+base64"
MAX_VALUE_BYTES = 64 * 1024
"""A key lives in the .vmx; larger values are not safe there (reference A.4.3)."""

OPENSSH_KEY_HEADER = "-----BEGIN OPENSSH PRIVATE KEY-----"
PUBLIC_KEY_TYPES = ("ssh-ed25519 ", "ecdsa-sha2-", "sk-ssh-ed25519@openssh.com ", "sk-ecdsa-sha2-", "ssh-rsa ")


@dataclass(frozen=True, slots=True)
class FirstBoot:
    """The secrets and keys of one guest's first boot; its repr shows no key."""

    authorized_keys: tuple[str, ...]
    host_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GuestInfo:
    """What the VM carries before its first power-on. ``user_data`` is secret.

    ``fingerprint`` changes with the user data and tells nothing about it: an HMAC-SHA256 keyed with
    the private host key, kept beside the VM when the user data itself has been cleared.
    """

    metadata: str
    user_data: str = field(repr=False)
    fingerprint: str

    def public_options(self) -> dict[str, str]:
        """Return the keys that may stay on the VM."""
        return {"guestinfo.metadata": encode(self.metadata), "guestinfo.metadata.encoding": ENCODING}

    def secret_options(self) -> dict[str, str]:
        """Return the keys that are cleared when the guest is up."""
        return {"guestinfo.userdata": encode(self.user_data), "guestinfo.userdata.encoding": ENCODING}


def encode(document: str) -> str:
    """Return the document compressed and in base64; the same document gives the same text on every run."""
    return base64.b64encode(gzip.compress(document.encode(), mtime=0)).decode()


def decode(value: str) -> str:
    """Return the document ``encode`` was given."""
    return gzip.decompress(base64.b64decode(value, validate=True)).decode()


def render(vm: VmPlan, first_boot: FirstBoot) -> GuestInfo:
    """Return what the guest is told at its first boot.

    Raises:
        RenderError: GW302 when no key could log in, a key is not one, or a document is too large.
    """
    _check_keys(vm, first_boot)
    secret = user_data(vm, first_boot.authorized_keys, first_boot.host_key)
    mark = hmac.new(first_boot.host_key.encode(), secret.encode(), hashlib.sha256).hexdigest()
    info = GuestInfo(metadata(vm), secret, mark)
    for key, value in {**info.public_options(), **info.secret_options()}.items():
        if len(value) > MAX_VALUE_BYTES:
            raise RenderError(
                "GW302", f"{vm.name}.{key}", f"{len(value)} bytes", "Keep it under 64 KB: give fewer authorised keys."
            )
    return info


def _check_keys(vm: VmPlan, first_boot: FirstBoot) -> None:
    if not first_boot.authorized_keys:
        raise RenderError(
            "GW302", f"{vm.name}.authorized_keys", (), "Give at least one public key: nobody could log in."
        )
    for key in first_boot.authorized_keys:
        if "\n" in key or not key.startswith(PUBLIC_KEY_TYPES):
            raise RenderError("GW302", f"{vm.name}.authorized_keys", key[:40], "Give one OpenSSH public key a line.")
    if not first_boot.host_key.startswith(OPENSSH_KEY_HEADER):
        raise RenderError(
            "GW302", f"{vm.name}.ssh_host_key", "<secret>", "Give an ed25519 private key in OpenSSH's own format."
        )
