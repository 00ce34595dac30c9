"""Distinguished names (RFC 4514) in a form that compares: as text, without a server's schema."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["comparable_value", "depth", "is_of", "is_pattern", "key", "split", "within"]

# Attributes whose values compare without case and come first in our trees; every other value compares as written.
_CASELESS = frozenset({"c", "cn", "dc", "l", "o", "ou", "st", "uid"})
_NUMBERED = re.compile(r"\{-?\d+\}")
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{2}|.)", re.DOTALL)
_SCHEMA = "cn=schema,cn=config"


@lru_cache(maxsize=16384)
def key(dn: str) -> str:
    """Return the name under which two spellings of one DN meet; a schema in cn=config loses its number."""
    parts = [_rdn(part) for part in _split(dn, ",")]
    if len(parts) == 3 and ",".join(parts[1:]) == _SCHEMA:
        parts[0] = _NUMBERED.sub("", parts[0], count=1)
    return ",".join(parts)


def _split(text: str, separator: str) -> list[str]:
    parts, start, position = [], 0, 0
    while position < len(text):
        if text[position] == "\\":
            position += 2
            continue
        if text[position] == separator:
            parts.append(text[start:position])
            start = position + 1
        position += 1
    return [*parts, text[start:]]


def _rdn(rdn: str) -> str:
    return "+".join(sorted(_pair(pair) for pair in _split(rdn, "+")))


def _pair(pair: str) -> str:
    name, _, value = pair.partition("=")
    name, value = name.strip().lower(), _plain(value)
    value = value.lower() if name in _CASELESS else value
    return f"{name}={_escaped(value)}"


def _plain(value: str) -> str:
    """Return the value without escapes; spaces around it count only when escaped."""
    bare = value.strip(" ")
    if bare.endswith("\\") and value.rstrip(" ") != value:
        bare += " "
    raw, position = bytearray(), 0
    for match in _ESCAPE.finditer(bare):
        raw += bare[position : match.start()].encode()
        escaped = match.group(1)
        raw += bytes.fromhex(escaped) if len(escaped) == 2 else escaped.encode()
        position = match.end()
    return (bytes(raw) + bare[position:].encode()).decode("utf-8", "replace")


def _escaped(value: str) -> str:
    return re.sub(r'[,+"\\<>;=]', lambda match: "\\" + match.group(), value)


def split(dn: str) -> list[str]:
    """Return the parts of the name as written."""
    return _split(dn, ",")


def depth(dn: str) -> int:
    """Return how many parts the name has."""
    return len(_split(dn, ","))


def within(dn: str, base: str) -> bool:
    """Return whether the name is the base or stands below it."""
    own, other = key(dn), key(base)
    return own == other or own.endswith("," + other)


def is_pattern(dn: str) -> bool:
    """Return whether the name stands for every entry below one parent whose first part begins like its own."""
    return _split(dn, ",")[0].endswith("*")


def is_of(dn: str, pattern: str) -> bool:
    """Return whether the name is of the pattern's form, such as ``cn=site-*,dc=org``."""
    (first, *parent), (begin, *below) = _split(key(dn), ","), _split(key(pattern), ",")
    return parent == below and first.startswith(begin.removesuffix("*"))


def comparable_value(value: bytes) -> bytes:
    """Return a value in the form in which slapd's own spelling of a DN equals the one that was given."""
    if b"=" not in value or b"," not in value:
        return value
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return value
    parts = _split(text, ",")
    if not all(re.match(r"\s*[A-Za-z][A-Za-z0-9-]*\s*=", part) for part in parts):
        return value
    return ("\0" + key(text)).encode()  # never equal to a value that is no DN
