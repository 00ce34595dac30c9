"""Somebody else's parsers, each asked in the same way. Nothing here knows what an answer says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from genie.libs.parser.utils import get_parser
from genie.libs.parser.utils.common import ParserNotFound
from genie.metaparser.util.exceptions import SchemaEmptyParserError, SchemaError
from hier_config import Platform, get_hconfig
from ntc_templates.parse import ParsingException, parse_output
from textfsm import TextFSMError

OF_NTC = {
    "alaxala_ax": "alaxala_ax",
    "alliedware_plus": "allied_telesis_awplus",
    "aos_cx": "aruba_aoscx",
    "cisco_ios": "cisco_ios",
    "comware": "hp_comware",
    "fortios": "fortinet",
    "junos": "juniper_junos",
    "nec_ix": "nec_ix",
    "yamaha_rtx": "yamaha",
}
OF_GENIE = {"cisco_ios": "iosxe", "comware": "comware", "junos": "junos"}
OF_HIER_CONFIG = {"cisco_ios": Platform.CISCO_IOS, "junos": Platform.JUNIPER_JUNOS}


class UnreadError(Exception):
    """The collection has nothing for this command, or what it has does not understand the answer."""


def by_ntc_templates(platform: str, command: str, answer: str) -> list[dict[str, Any]]:
    try:
        return parse_output(platform=OF_NTC[platform], command=command, data=answer)
    except (ParsingException, TextFSMError) as error:
        raise UnreadError(str(error)) from error


def by_genie(platform: str, command: str, answer: str) -> dict[str, Any]:
    """Return what the parser that genie itself chooses for the command finds; checked against genie's own schema."""
    if platform not in OF_GENIE:
        raise UnreadError(f"genie has nothing for {platform}")
    device = SimpleNamespace(name=platform, os=OF_GENIE[platform], platform=None, model=None, custom={})
    try:
        parser, given = get_parser(command, device)
        return parser(device=device).parse(output=answer, **given)
    except (ParserNotFound, SchemaEmptyParserError, SchemaError, UnboundLocalError) as error:
        raise UnreadError(f"{type(error).__name__}: {error}") from error


def by_hier_config(platform: str, _: str, answer: str) -> tuple[str, ...]:
    """Return the configuration's lines as hier_config's own driver understands them."""
    if platform not in OF_HIER_CONFIG:
        raise UnreadError(f"not one of ours: {platform}")
    return tuple(get_hconfig(OF_HIER_CONFIG[platform], answer).dump_simple())


READERS: Mapping[str, Callable[[str, str, str], Any]] = {
    "ntc-templates": by_ntc_templates,
    "genie": by_genie,
    "hier_config": by_hier_config,
}


def unread(reader: str, platform: str, command: str, answer: str) -> str:
    """Return why a collection of parsers does not read an answer; fail when it does."""
    with pytest.raises(UnreadError) as found:
        READERS[reader](platform, command, answer)
    return str(found.value)
