"""The small types of the site file: each says its rule once, with the sentence a person reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address, IPv4Network, IPv6Address
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

SLASH = re.compile(r"[0-9.]+/(0|[1-9][0-9]?)")
FIRST_YEAR, LAST_YEAR = 2020, 2099
SYSTEM_ACCOUNTS = frozenset(  # of Debian 13 and its daemons; the shape of the name keeps out those with - and _
    {"root", "daemon", "bin", "sys", "sync", "games", "man", "mail", "news", "uucp", "proxy", "backup", "list", "irc"}
    | {"nobody", "sshd", "messagebus", "polkitd", "clamav"}
)


def refusal(code: str, fix: str) -> PydanticCustomError:
    """Return the error a validator raises; ``code`` and ``fix`` reach the reader as they are."""
    return PydanticCustomError("gatekit", "{fix}", {"code": code, "fix": fix})


@dataclass(frozen=True, slots=True)
class Matching:
    """Text that must match ``pattern`` wholly, else GW110 with ``fix``; editors see the pattern too."""

    pattern: str
    fix: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        rule = re.compile(self.pattern)

        def check(text: str) -> str:
            if not rule.fullmatch(text):
                raise refusal("GW110", self.fix)
            return text

        return core_schema.no_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(schema) | {"pattern": f"^(?:{self.pattern})$"}


@dataclass(frozen=True, slots=True)
class InEditors:
    """What the JSON Schema tells editors of a rule that is checked in Python."""

    pattern: str

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(schema) | {"pattern": self.pattern}


def _line(text: str) -> str:
    # str.isprintable refuses controls, invisible and bidirectional marks, lone surrogates and every
    # blank but the plain one; the ideographic space stands in many Japanese names.
    if not 1 <= len(text) <= 200 or text != text.strip() or not text.replace("\u3000", " ").isprintable():
        raise refusal("GW110", "Write one line of 1 to 200 visible characters, without blanks at its ends.")
    return text


def _host_name(text: str) -> str:
    labels = text.split(".")
    fitting = all(re.fullmatch(r"(?!-)[a-z0-9-]{1,63}(?<!-)", label) for label in labels)
    if len(text) > 253 or len(labels) < 2 or not fitting or labels[-1].isdigit():
        raise refusal("GW110", "Use a full host name in lower case, such as portal.idlink.example.jp.")
    return text


def _account(text: str) -> str:
    if text in SYSTEM_ACCOUNTS:
        raise refusal("GW110", "Use an account of its own, such as gwops: the system has this one.")
    return text


def _written_as(kind: type[IPv4Address | IPv6Address], fix: str) -> BeforeValidator:
    """Return a check that an address is written as text; pydantic's own fault would not say what to write."""

    def check(value: object) -> object:
        if isinstance(value, kind):
            return value
        try:
            kind(value if isinstance(value, str) else "")
        except ValueError:
            raise refusal("GW104", fix) from None
        return value

    return BeforeValidator(check)


def _written_network(value: object) -> object:
    if isinstance(value, IPv4Network):
        return value
    fix = "Write a network with its prefix length and no host bits, such as 10.161.4.0/24."
    if not isinstance(value, str) or not SLASH.fullmatch(value):
        raise refusal("GW104", fix)
    try:
        network = IPv4Network(value, strict=False)
    except ValueError:
        raise refusal("GW104", fix) from None
    if str(network) != value:
        raise refusal("GW104", f"Write {network}: the address has host bits.")
    return value


def _usable(address: IPv4Address) -> IPv4Address:
    odd = address.is_loopback or address.is_multicast or address.is_link_local
    if odd or address in IPv4Network("0.0.0.0/8") or address in IPv4Network("240.0.0.0/4"):
        raise refusal("GW122", "Use an address a host can have.")
    return address


def _usable_ipv6(address: IPv6Address) -> IPv6Address:
    odd = address.is_unspecified or address.is_loopback or address.is_multicast or address.is_link_local
    if odd or address.ipv4_mapped is not None or address.scope_id is not None:
        raise refusal("GW122", "Use a global IPv6 address a host can have, without a zone.")
    return address


def _site_network(network: IPv4Network) -> IPv4Network:
    if network.prefixlen < 8:
        raise refusal("GW105", "Use a prefix length of 8 or more.")
    first = network.network_address
    odd = network.is_loopback or network.is_multicast or network.is_link_local
    if odd or first in IPv4Network("0.0.0.0/8") or first in IPv4Network("240.0.0.0/4"):
        raise refusal("GW122", "Use a network hosts can have.")
    return network


def _day(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise refusal("GW105", f"Use a date from {FIRST_YEAR} to {LAST_YEAR}.")
    return day


def _window(text: str) -> str:
    start, end = text.split("-")
    if start == end:
        raise refusal("GW105", "Use two different times, or leave the windows out for always.")
    return text


IPV4 = _written_as(IPv4Address, "Write an IPv4 address without leading zeros, such as 10.161.4.10.")
IPV6 = _written_as(IPv6Address, "Write an IPv6 address such as 2001:db8::10.")

type HostAddress = Annotated[IPv4Address, IPV4, AfterValidator(_usable), InEditors(r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$")]
type HostAddress6 = Annotated[IPv6Address, IPV6, AfterValidator(_usable_ipv6)]
type SiteNetwork = Annotated[
    IPv4Network,
    BeforeValidator(_written_network),
    AfterValidator(_site_network),
    InEditors(r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$"),
]
type Day = Annotated[date, AfterValidator(_day)]
type Port = Annotated[int, Field(ge=1, le=65535)]
type AeTitle = Annotated[
    str,
    Matching(
        r"(?! )[\x20-\x5b\x5d-\x7e]{1,16}(?<! )",
        "Use 1 to 16 printable ASCII characters without a backslash or outer blanks (DICOM PS3.5, VR AE).",
    ),
]
type HostName = Annotated[str, AfterValidator(_host_name), InEditors(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
type SiteId = Annotated[
    str, Matching(r"[a-z][a-z0-9]{1,15}", "Use 2 to 16 small letters and digits, a letter first, such as kita.")
]
type Name = Annotated[
    str, Matching(r"[a-z][a-z0-9_]{0,31}", "Use small letters, digits and underscores, a letter first, 32 at most.")
]
type Account = Annotated[
    str,
    Matching(r"[a-z][a-z0-9]{2,15}", "Use 3 to 16 small letters and digits, a letter first, such as gwops."),
    AfterValidator(_account),
]
type Line = Annotated[str, AfterValidator(_line), InEditors(r"^\S(.{0,198}\S)?$")]
type Email = Annotated[
    str,
    Matching(
        r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+",
        "Write an address such as it@kita.example.jp.",
    ),
]
type Phone = Annotated[str, Matching(r"\+?[0-9][0-9-]{7,18}", "Write digits and hyphens, such as 011-000-0000.")]
type Sha256 = Annotated[str, Matching(r"[0-9a-f]{64}", "Write the 64 small hexadecimal digits that sha256sum prints.")]
type MacAddress = Annotated[
    str,
    Matching(
        r"[0-9a-f][02468ace](:[0-9a-f]{2}){5}",
        "Write the MAC address of the port in quotes, in small letters, such as '02:00:00:00:01:01'.",
    ),
]
type Nic = Annotated[str, Matching(r"vmnic[0-9]{1,2}", "Write ESXi's name of the port, such as vmnic0.")]
type Modality = Annotated[str, Matching(r"[A-Z]{2,8}", "Write a DICOM modality such as CT (PS3.3 C.7.3.1.1.1).")]
type AbsolutePath = Annotated[
    str, Matching(r"(/[A-Za-z0-9_][A-Za-z0-9_.-]*){1,12}", "Write a path from the root, such as /srv/mirror/key.gpg.")
]
type RelativePath = Annotated[
    str,
    Matching(
        r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}){0,4}",
        "Write a path below the site's folder, such as files/staff.csv.",
    ),
]
type TimeWindow = Annotated[
    str,
    Matching(
        r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]",
        "Write a time of the day in quotes, such as '22:00-06:00'; it may pass midnight.",
    ),
    AfterValidator(_window),
]
type UrlPath = Annotated[
    str, Matching(r"/|(/[A-Za-z0-9_][A-Za-z0-9_.~-]*){1,12}", "Write a path that begins with /, such as /reports.")
]
type ContextPath = Annotated[
    str, Matching(r"/[A-Za-z0-9_][A-Za-z0-9_.~-]{0,63}", "Write one part after a /, such as /collector.")
]
type PatientId = Annotated[
    str,
    Matching(r"[A-Za-z0-9_.-]{1,64}", "Write a patient id in quotes: letters, digits, - _ . (no wildcards)."),
]
type WebUrl = Annotated[
    str,
    Matching(
        r"https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*/?",
        "Write a URL such as http://mirror.idlink.example.jp/debian, without account, query or blanks.",
    ),
]
type MirrorUrl = Annotated[
    str,
    Matching(
        r"(https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*|file://(/[A-Za-z0-9._~-]+)+)/?",
        "Write a URL such as https://mirror.kita.example.jp/debian or file:///srv/mirror.",
    ),
]
type Suite = Annotated[
    str, Matching(r"\./|[a-z][a-z0-9./-]{0,63}", "Write a Debian suite such as trixie, or ./ for a flat mirror.")
]
type Component = Annotated[str, Matching(r"[a-z][a-z0-9-]{0,31}", "Write a Debian component such as main.")]
