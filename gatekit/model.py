"""The base of every frozen model (unknown keys refused, nothing coerced by accident), and text for people."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A frozen pydantic model; an unknown key is an error, not a surprise at the hospital.

    Its validator is built at its first use: a module call imports the types of a whole site and uses a few of them.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True, defer_build=True
    )


class Text(Frozen):
    """The same sentence for a Japanese and an English reader."""

    ja: str
    en: str
