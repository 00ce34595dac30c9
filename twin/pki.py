"""The site's certificates: a CA, servers (portal, ESXi host, VM1, VM3), and a viewing facility's client (OP-9)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from gatekit.certificates.authority import CLIENT, SERVER, Issued, issue, new_authority
from gatekit.plan.model import Plan


class Pki:
    """The certificates of one twin in one folder; made once, then read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def ca_file(self) -> Path:
        """Return the CA's certificate (PEM)."""
        return self.folder / "ca.pem"

    def certificate(self, name: str) -> Path:
        """Return the file of a certificate (PEM): ``portal``, ``esxi``, ``vm1``, ``vm3`` or ``viewer``."""
        return self.folder / f"{name}.pem"

    def key(self, name: str) -> Path:
        """Return the file of its private key (PEM, mode 0600)."""
        return self.folder / f"{name}_key.pem"

    def make(self, plan: Plan) -> None:
        """Write what is missing; a certificate stays while its key, names and CA stay."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        centre = plan.data_centre
        portal = [x509.DNSName(centre.portal_name), x509.IPAddress(centre.portal), x509.IPAddress(centre.portal_public)]
        esxi = [x509.DNSName(f"{plan.esxi.name}.{plan.esxi.domain}"), x509.IPAddress(plan.esxi.address)]
        self._make_ca(f"gatekit twin {plan.site}")
        self._make_leaf("portal", centre.portal_name, portal, SERVER)
        self._make_leaf("esxi", plan.esxi.name, esxi, SERVER)
        vm1 = plan.vm1.apache
        self._make_leaf("vm1", vm1.host_name, [x509.DNSName(vm1.host_name), x509.IPAddress(vm1.address)], SERVER)
        vm3 = plan.vm("vm3")
        self._make_leaf("vm3", vm3.host_name, [x509.DNSName(vm3.host_name), x509.IPAddress(vm3.address)], SERVER)
        self._make_leaf("viewer", f"viewer.{plan.domain}", [], CLIENT)

    def _make_ca(self, name: str) -> None:
        if not (self.ca_file.is_file() and self.key("ca").is_file()):
            self._write("ca", new_authority(name))

    def _make_leaf(
        self, name: str, common_name: str, names: Sequence[x509.GeneralName], purpose: x509.ObjectIdentifier
    ) -> None:
        ca = x509.load_pem_x509_certificate(self.ca_file.read_bytes())
        if self._is_good(name, ca, names):
            return
        authority = Issued(self.ca_file.read_text(), self.key("ca").read_text())
        self._write(name, issue(authority, common_name, names, purpose))

    def _write(self, name: str, issued: Issued) -> None:
        write_private(self.key(name), issued.key.encode())
        self.certificate(name).write_text(issued.certificate)

    def _is_good(self, name: str, ca: x509.Certificate, names: Sequence[x509.GeneralName]) -> bool:
        if not (self.certificate(name).is_file() and self.key(name).is_file()):
            return False
        there = x509.load_pem_x509_certificate(self.certificate(name).read_bytes())
        try:
            there.verify_directly_issued_by(ca)
        except (InvalidSignature, ValueError, TypeError):  # another CA's: make it anew
            return False
        try:
            has = list(there.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
        except x509.ExtensionNotFound:
            has = []
        return has == list(names) and there.not_valid_after_utc > datetime.now(UTC) + timedelta(days=1)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
    partial.rename(path)
