"""Specific Character Set of our queries (PS3.3 C.12.1.1.2); answers are decoded by the set they name themselves."""

from __future__ import annotations

from gatekit.errors import DicomError

UTF_8 = "ISO_IR 192"

_TERMS: dict[str, str | list[str]] = {
    UTF_8: UTF_8,
    "ISO_IR 100": "ISO_IR 100",
    "ISO 2022 IR 87": ["", "ISO 2022 IR 87"],  # ASCII first: a value starts and ends in it (PS3.5 6.1.2.5.3)
    "ISO 2022 IR 13": ["ISO 2022 IR 13", "ISO 2022 IR 87"],  # half-width katakana, and kanji by code extension
}
_CODECS = {UTF_8: "utf-8", "ISO_IR 100": "latin-1", "ISO 2022 IR 87": "iso2022_jp", "ISO 2022 IR 13": "shift_jis"}


def terms(character_set: str, value: str, peer: str) -> str | list[str] | None:
    """Return what Specific Character Set holds for a value; None for ASCII, where it has to be left out.

    Raises:
        DicomError: GW517 when the peer's character set has no code for a character (PS3.4 C.4.1.1.3.1).
    """
    if value.isascii():
        return None
    try:
        value.encode(_CODECS[character_set])
    except UnicodeEncodeError:
        fix = f"{character_set} of the site file cannot write this id: correct the id, or character_set of this PACS."
        raise DicomError("GW517", f"{peer}.patient", "<hidden>", fix) from None
    return _TERMS[character_set]
