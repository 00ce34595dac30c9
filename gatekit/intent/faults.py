"""What pydantic found, in our words: code, path, value and what a person does about it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from gatekit.errors import IntentError
from gatekit.intent.places import Loc, choices_at, description_at, keys_at, without_tags
from gatekit.model import Frozen

MAPPING = ("GW104", "Write a mapping (key: value).")
DATE = ("GW104", "Write a date such as 2026-11-22.")
LONGEST_SHOWN = 80

FAULTS: dict[str, tuple[str, str]] = {
    "string_type": ("GW104", "Write text, in quotes when it looks like a number, a date or yes/no."),
    "int_type": ("GW104", "Write a whole number in plain digits, without quotes and leading zeros."),
    "bool_type": ("GW104", "Write true or false."),
    "tuple_type": ("GW104", "Write a list, one `- item` a line."),
    "dict_type": MAPPING,
    "model_type": MAPPING,
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
    "date_from_datetime_inexact": DATE,
    "greater_than_equal": ("GW105", "Use {ge} or more."),
    "less_than_equal": ("GW105", "Use {le} or less."),
    "too_short": ("GW105", "Give at least {min_length}."),
}


class ByPattern(NamedTuple):
    """The same fault says more where the VPN pattern decides what must be there."""

    place: str
    fault: str
    patterns: str
    code: str
    fix: str


BY_PATTERN = (
    ByPattern(r"vpn\.cpe", "extra_forbidden", "4", "GW130", "Remove cpe: in pattern 4 the firewall ends the tunnel."),
    ByPattern(r"vpn\.cpe", "missing", "[123]", "GW130", "Give cpe: patterns 1 to 3 end the tunnel in a CPE."),
    ByPattern(
        r"vpn\.cpe\.(main|spare)", "missing", "1", "GW130", "Give main and spare: pattern 1 has two CPEs (VPN-1)."
    ),
    ByPattern(
        r"vpn\.cpe\.unit", "extra_forbidden", "1", "GW130", "Give main and spare: pattern 1 has two CPEs (VPN-1)."
    ),
    ByPattern(
        r"vpn\.cpe\.(main|spare)",
        "extra_forbidden",
        "[23]",
        "GW130",
        "Remove it: patterns 2 and 3 have one `unit`.",
    ),
    ByPattern(r"vpn\.cpe\.unit", "missing", "[23]", "GW130", "Give unit: patterns 2 and 3 have one CPE."),
    ByPattern(
        r"vpn\.other_services",
        "extra_forbidden",
        "[234]",
        "GW131",
        "Remove it: only pattern 1's line carries others.",
    ),
    ByPattern(
        r"vpn\.line\.kind", "literal_error", "[123]", "GW131", "Use flets_hikari_next: patterns 1 to 3 need FLET'S."
    ),
    ByPattern(
        r"vpn\.line\.kind", "literal_error", "4", "GW131", "Use internet: pattern 4 is the hospital's own line (VPN-4)."
    ),
    ByPattern(
        r"vpn\.line\.global_address", "missing", "4", "GW131", "Give the line's one global IPv4 address (VPN-4)."
    ),
    ByPattern(
        r"vpn\.line\.ipv6_option",
        "missing",
        "[123]",
        "GW131",
        "Give ipv6_option: true; the pattern needs フレッツ・v6オプション.",
    ),
)


def translated(kind: type[Frozen], mapping: dict[str, Any], invalid: ValidationError) -> Iterator[IntentError]:
    """Yield one IntentError for each fault that means something by itself.

    Of a line of the wrong kind only the kind is reported: its other keys are those of another line.
    """
    faults = (fault for fault in invalid.errors(include_url=False) if not _echo(kind, mapping, fault))
    errors = [translate(kind, mapping, fault) for fault in faults]
    wrong_line = any(error.path == "vpn.line.kind" for error in errors)
    for error in errors:
        if not wrong_line or error.path == "vpn.line.kind" or not error.path.startswith("vpn.line."):
            yield error


def translate(kind: type[Frozen], mapping: dict[str, Any], fault: Any) -> IntentError:
    """Return one pydantic fault as ours; a type we do not know is still a GW104 with pydantic's sentence."""
    loc: Loc = fault["loc"]
    parts, name, context = without_tags(kind, loc), fault["type"], fault.get("ctx", {})
    path, value = written(parts), _shown(_value_at(mapping, parts))
    if name == "gatekit":
        return IntentError(context["code"], path, value, context["fix"])
    if name in ("union_tag_invalid", "union_tag_not_found"):
        return _unknown_kind(kind, mapping, loc, context)
    known = _by_pattern(mapping, path, name)
    if known:
        return IntentError(known.code, path, "missing" if name == "missing" else value, known.fix)
    if name == "extra_forbidden":
        return _unknown_key(kind, loc, path)
    code, shown, fix = _plain(kind, loc, value, fault)
    return IntentError(code, path, shown, fix)


def _plain(kind: type[Frozen], loc: Loc, value: Any, fault: Any) -> tuple[str, Any, str]:
    name, context = fault["type"], fault.get("ctx", {})
    if name == "missing":
        return "GW103", "missing", f"Give {loc[-1]}: {description_at(kind, loc)}"
    if name == "literal_error":
        return "GW104", value, _one_of(value, re.findall(r"'([^']*)'", context["expected"]))
    if name in FAULTS:
        code, fix = FAULTS[name]
        return code, value, fix.format(**context)
    return "GW104", value, f"Correct the value: {fault['msg']}."


def _echo(kind: type[Frozen], mapping: dict[str, Any], fault: Any) -> bool:
    """Return whether a list is called too short only because its items are faulty, which is reported already."""
    if fault["type"] != "too_short":
        return False
    value = _value_at(mapping, without_tags(kind, fault["loc"]))
    return isinstance(value, list) and len(value) >= fault["ctx"]["min_length"]


def written(parts: Loc) -> str:
    """Return a place as a person writes it: ``networks[1].name``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")


def _value_at(mapping: Any, parts: Loc) -> Any:
    current = mapping
    for part in parts:
        if isinstance(current, list) and isinstance(part, int):
            current = current[part]
        elif isinstance(current, dict):
            current = current.get(part)
        else:
            return None
    return current


def _shown(value: Any) -> Any:
    if value is None:
        return "empty"
    if isinstance(value, (dict, list)):
        kind = "mapping" if isinstance(value, dict) else "list"
        return f"a {kind}" if value else f"an empty {kind}"
    if isinstance(value, str) and len(value) > LONGEST_SHOWN:
        return f"{value[:LONGEST_SHOWN]}... ({len(value)} characters)"
    return value


def _by_pattern(mapping: dict[str, Any], path: str, name: str) -> ByPattern | None:
    vpn = mapping.get("vpn")
    pattern = str(vpn.get("pattern")) if isinstance(vpn, dict) else ""
    for row in BY_PATTERN:
        if re.fullmatch(row.place, path) and name == row.fault and re.fullmatch(row.patterns, pattern):
            return row
    return None


def _unknown_kind(kind: type[Frozen], mapping: dict[str, Any], loc: Loc, context: dict[str, Any]) -> IntentError:
    key = re.sub(r"[^a-z]", "", context["discriminator"])  # 'kind', or pattern() where a function tells
    parts = (*without_tags(kind, loc), key)
    holder = _value_at(mapping, parts[:-1])
    choices = choices_at(kind, loc, key)
    if not isinstance(holder, dict):
        return IntentError(MAPPING[0], written(parts[:-1]), _shown(holder), MAPPING[1])
    if key not in holder:
        return IntentError("GW103", written(parts), "missing", f"Give {key}, one of: {', '.join(choices)}.")
    value = _shown(holder[key])
    return IntentError("GW104", written(parts), value, _one_of(value, choices))


def _one_of(value: object, choices: list[str] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(str(value), choices, n=1)
    guess = f"Did you mean {near[0]}? " if near and near[0] != str(value) else ""
    return f"{guess}Use one of: {', '.join(choices)}."


def _unknown_key(kind: type[Frozen], loc: Loc, path: str) -> IntentError:
    known = keys_at(kind, loc[:-1])
    near = difflib.get_close_matches(str(loc[-1]), known, n=1)
    fix = f"Did you mean `{near[0]}`?" if near else f"Remove it; the keys here are {', '.join(known)}."
    return IntentError("GW102", path, loc[-1], fix)
