"""The line and the four VPN patterns, each a type of its own (NW-6, VPN-1 .. VPN-4)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from gatekit.intent.fields import HostAddress, Line, MacAddress, Name, Port, SiteNetwork
from gatekit.model import Frozen

type CryptoLevel = Literal["HIGH", "BASE"]

CRYPTO = "HIGH: AES-256-GCM and group 20; BASE: AES-256-CBC, SHA-256 and the product's strongest group."
CPE = "The VPN device we bring."
CPE_PORTS = "Names of this unit's ports; without them the catalogue's for the product."


class FletsLine(Frozen):
    """FLET'S Hikari Next with the IPv6 option (source: vendor reference 8)."""

    kind: Literal["flets_hikari_next"] = Field(description="FLET'S Hikari Next, for patterns 1 to 3.")
    area: Literal["east", "west"] = Field(description="NTT East or NTT West.")
    ipv6_option: bool = Field(description="フレッツ・v6オプション; required.")
    hikari_denwa: bool = Field(description="With it the prefix comes by DHCPv6-PD, without it by RA.")
    home_gateway: bool = Field(description="A home gateway stands before our CPE: it sees RA in any case.")


class InternetLine(Frozen):
    """The hospital's own line and provider with one global IPv4 address."""

    kind: Literal["internet"] = Field(description="The hospital's own Internet line, for pattern 4.")
    provider: Line = Field(description="Name of the Internet provider.")
    network: SiteNetwork = Field(description="The network the line hands over, such as 198.51.100.0/29.")
    global_address: HostAddress = Field(description="The one global address; the firewall holds it.")
    gateway: HostAddress = Field(description="The provider's router in that network.")


class CpePorts(Frozen):
    """What the CPE's ports are called, where it is not what the catalogue says of the product."""

    lan: Line = Field(description="Port towards our firewall.")
    wan: Line = Field(description="Port towards the ONU or the home gateway.")


class CpeUnit(Frozen):
    """One CPE as it is labelled."""

    serial: Line = Field(description="Serial number on the label.")
    wan_mac: MacAddress = Field(description="MAC address of the WAN port, in quotes.")


class CpePair(Frozen):
    """Main and spare CPE of pattern 1."""

    product: Name = Field(description="A product of the catalogue that can be the CPE.")
    ports: CpePorts | None = Field(default=None, description=CPE_PORTS)
    main: CpeUnit = Field(description="本器")
    spare: CpeUnit = Field(description="予備機")


class CpeSingle(Frozen):
    """The one CPE of patterns 2 and 3."""

    product: Name = Field(description="A product of the catalogue that can be the CPE.")
    ports: CpePorts | None = Field(default=None, description=CPE_PORTS)
    unit: CpeUnit = Field(description="The unit that is built in.")


class OtherService(Frozen):
    """A portal site or linked service of others on the same line (pattern 1)."""

    name: Name = Field(description="Short name of the service.")
    network: SiteNetwork = Field(description="Where the service is reached.")
    used_by: Literal["gateway", "proxy"] = Field(
        description="gateway: VM1 opens the connection; proxy: VM2 does, for the HIS terminals."
    )
    protocol: Literal["tcp", "udp"] = Field(description="Its transport protocol.")
    port: Port = Field(description="Its port.")


class Pattern1(Frozen):
    """Internet VPN over FLET'S; two CPEs, the customer swaps in the spare."""

    pattern: Literal[1] = Field(description="Internet VPN over FLET'S; the customer swaps in the spare CPE (VPN-1).")
    crypto: CryptoLevel = Field(description=CRYPTO)
    line: FletsLine = Field(description="The line.")
    cpe: CpePair = Field(description=CPE)
    other_services: tuple[OtherService, ...] = Field(
        default=(), description="Portal site and linked services of others that the same line carries."
    )


class Pattern2(Frozen):
    """Closed-network VPN over FLET'S; one CPE, replaced on site by us."""

    pattern: Literal[2] = Field(description="Closed-network VPN over FLET'S; we replace the CPE on site (VPN-2).")
    crypto: CryptoLevel = Field(description=CRYPTO)
    line: FletsLine = Field(description="The line.")
    cpe: CpeSingle = Field(description=CPE)


class Pattern3(Frozen):
    """Closed-network VPN over FLET'S; one CPE, the customer swaps in a unit sent in advance."""

    pattern: Literal[3] = Field(
        description="Closed-network VPN over FLET'S; the customer swaps in a unit sent in advance (VPN-3)."
    )
    crypto: CryptoLevel = Field(description=CRYPTO)
    line: FletsLine = Field(description="The line.")
    cpe: CpeSingle = Field(description=CPE)


class Pattern4(Frozen):
    """Internet VPN over the hospital's own line; no CPE, the firewall ends the tunnel."""

    pattern: Literal[4] = Field(description="The hospital's own Internet line; the firewall ends the tunnel (VPN-4).")
    crypto: CryptoLevel = Field(description=CRYPTO)
    line: InternetLine = Field(description="The line.")


def pattern(written: Any) -> str | None:
    """Return the tag of a VPN: the whole number after ``pattern``; None when none is written.

    A literal 1 would take YAML's true as well, because True == 1 in Python. The errors of a union
    carry this function's name, so it is called like the key (faults.py).
    """
    number = written.get("pattern") if isinstance(written, dict) else getattr(written, "pattern", None)
    return repr(number) if type(number) is int else None


type Vpn = Annotated[
    Annotated[Pattern1, Tag("1")]
    | Annotated[Pattern2, Tag("2")]
    | Annotated[Pattern3, Tag("3")]
    | Annotated[Pattern4, Tag("4")],
    Discriminator(pattern),
]
