"""What Windows on VM3 has to be (AP-4): everything its answer file and its baseline are made from."""

from __future__ import annotations

from ipaddress import IPv4Network

from gatekit.catalogue.windows import LanguageFacts
from gatekit.model import Frozen
from gatekit.plan.flow import SecretName
from gatekit.plan.vm1.model import WebCertificate


class IsoImage(Frozen):
    """An ISO on the host's datastore: ``[datastore] path``."""

    path: str
    sha256: str | None  # None: made by us, or the host's own


class ToolPackage(Frozen):
    """One MSI package: where it lies beside the site file, and by what Windows knows it."""

    path: str
    sha256: str
    product_id: str


class WindowsPlan(Frozen):
    """VM3's guest. Passwords are names: one for the installation alone, the others stay."""

    vm: str
    computer_name: str  # NetBIOS, 15 characters at most
    image: str  # /IMAGE/NAME
    language: LanguageFacts
    time_zone: str
    administrator: str  # the built-in account's name
    operator: str
    setup_password: SecretName  # in the answer file; worth nothing after the first contact
    administrator_password: SecretName
    operator_password: SecretName
    certificate: WebCertificate  # of WinRM, signed by the site's CA
    authority: SecretName  # the site CA's certificate
    winrm_port: int
    maintenance_networks: tuple[IPv4Network, ...]  # from where WinRM is reached
    installation_media: IsoImage | None
    answer_media: IsoImage
    tools_media: IsoImage
    openssh: bool
    tools: tuple[ToolPackage, ...]

    @property
    def secrets(self) -> tuple[SecretName, ...]:
        """Return the vault entries Windows needs."""
        pair = (self.certificate.certificate, self.certificate.key)
        return (self.setup_password, self.administrator_password, self.operator_password, *pair, self.authority)
