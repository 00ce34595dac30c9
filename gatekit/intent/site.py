"""One hospital as a person writes it: inventories/<site>/site.yml."""

from __future__ import annotations

from pydantic import Field

from gatekit.intent.esxi import Esxi
from gatekit.intent.fields import AbsolutePath, MirrorUrl
from gatekit.intent.hospital import Contact, Hospital, Rack, Schedule
from gatekit.intent.network import Boundary, Dmz, Firewall, HospitalNetwork, L3Switch, NoBoundary, Trust
from gatekit.intent.operation import Artefact, Publication, Uploads, ViewingFacility
from gatekit.intent.systems import Appliance, Application, Archive, LinkedSystem, Pacs, Proxy
from gatekit.intent.ups import Ups
from gatekit.intent.vpn import Vpn
from gatekit.intent.windows import WindowsMaintenance
from gatekit.model import Frozen


class Packages(Frozen):
    """Where this site's Linux guests get their packages, when not from the data centre."""

    url: MirrorUrl = Field(description="A mirror, or file:// for one laid on the guest.")
    signed_by: AbsolutePath = Field(description="Path of the mirror's signing key in the guest.")


class Site(Frozen):
    """Everything a person decides about one hospital. What can be derived is not here."""

    hospital: Hospital = Field(description="The publishing hospital.")
    contacts: tuple[Contact, ...] = Field(min_length=1, description="Whom we work with; hospital_it is always needed.")
    schedule: Schedule = Field(description="The dates of the introduction (OP-10).")
    rack: Rack = Field(description="What was seen on site (AP-7).")
    appliance: Appliance = Field(description="The Gateway server (AP-1).")
    windows: WindowsMaintenance = Field(default=WindowsMaintenance(), description="Windows on VM3 (AP-4).")
    esxi: Esxi = Field(description="The ESXi host on it (AP-1).")
    ups: Ups | None = Field(default=None, description="The UPS (AP-5); nothing is shut down in order without it.")
    dmz: Dmz = Field(description="The network we assign (NW-1, NW-2).")
    trust: Trust = Field(description="The network between our firewall and the hospital's L3 switch (NW-3).")
    l3_switch: L3Switch = Field(description="The hospital's L3 switch, which gets the route to the DMZ (NW-4).")
    boundary: Boundary = Field(
        default=NoBoundary(kind="none"), description="What the hospital puts between its network and ours (NW-5)."
    )
    firewall: Firewall = Field(description="Our firewall (AP-6).")
    vpn: Vpn = Field(description="Line, VPN pattern and crypto level (NW-6, VPN-1 .. VPN-4).")
    networks: tuple[HospitalNetwork, ...] = Field(min_length=1, description="Every network of the hospital.")
    linked_systems: tuple[LinkedSystem, ...] = Field(
        default=(), description="EMR, order, report and other departmental systems (IN-1)."
    )
    archive: Archive = Field(description="The Gateway's own DICOM archive.")
    application: Application = Field(default=Application(), description="What WildFly runs besides the archive.")
    pacs: tuple[Pacs, ...] = Field(default=(), description="The hospital's PACS (IN-2).")
    proxy: Proxy = Field(description="The proxy for HIS terminals (HC-1 .. HC-3).")
    publication: Publication = Field(description="What viewing facilities may see (OP-1, OP-2).")
    uploads: Uploads = Field(description="Whether and where to viewing facilities may send files (OP-3).")
    viewing_facilities: tuple[ViewingFacility, ...] = Field(
        default=(), description="The facilities that look at this hospital's data (OP-9)."
    )
    staff_file: Artefact | None = Field(default=None, description="CSV of the first staff registration (OP-6).")
    packages: Packages | None = Field(
        default=None, description="A package mirror of this site's own; without it the data centre's."
    )
