"""Every error a person can put right, in one tree.

GatekitError
├── IntentError    GW1xx  the site file, the data-centre file or the vault
├── PlanError      GW2xx  no plan can be made from a valid site file
├── RenderError    GW3xx  a plan cannot be written in a product's language
├── DeviceError    GW4xx  a device refused, vanished or is not what it should be
├── DicomError     GW5xx  a DICOM peer
├── VerifyError    GW6xx  the evidence could not be gathered
└── TwinError      GW7xx  the digital twin on this machine

An error carries facts (code, path, value, fix); the wording stays in ``__str__``, so tests
compare ``facts`` and a person reads a sentence. The meaning of each code stands once, in
``gatekit/codes.py``; docs/reference/errors.md is generated from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekit.codes import CODES


class GatekitError(Exception):
    """Something the user can put right: where it is, what was found, what to do."""

    prefix = "GW"

    def __init__(self, code: str, path: str, value: object, fix: str) -> None:
        if code not in CODES or not code.startswith(self.prefix):
            raise ValueError(f"{code} is not a code of {type(self).__name__}; see gatekit/codes.py")
        super().__init__(code, path, value, fix)
        self.code, self.path, self.value, self.fix = code, path, value, fix

    @property
    def facts(self) -> tuple[str, str, object, str]:
        """Return (code, path, value, fix), what a test compares."""
        return self.code, self.path, self.value, self.fix

    def __str__(self) -> str:
        return f"{self.path}: {self.value!r} is not usable. {self.fix} [{self.code}]"


class IntentError(GatekitError):
    """One fault of the site file, the data-centre file or the vault."""

    prefix = "GW1"


class PlanError(GatekitError):
    """A valid site file from which no plan can be made."""

    prefix = "GW2"


class RenderError(GatekitError):
    """A plan that a product's language cannot say."""

    prefix = "GW3"


class DeviceError(GatekitError):
    """A device that refused, vanished or is not what it should be.

    ``path`` is ``<device>.<subject>``, ``value`` what the device said, secrets masked.
    """

    prefix = "GW4"


class DicomError(GatekitError):
    """A DICOM peer that refused or broke the protocol."""

    prefix = "GW5"


class VerifyError(GatekitError):
    """Evidence that could not be gathered. A check that ran and failed is a record, not an error."""

    prefix = "GW6"


class TwinError(GatekitError):
    """The digital twin cannot be raised, reached or removed on this machine."""

    prefix = "GW7"


class IntentRefused(Exception):  # noqa: N818 - a group of errors, named for what happened
    """Every fault of one site, together; nothing was logged into."""

    def __init__(self, errors: Iterable[IntentError]) -> None:
        self.errors: tuple[IntentError, ...] = tuple(errors)
        super().__init__(self.errors)  # one argument, so that it travels between processes

    def __iter__(self) -> Iterator[IntentError]:
        return iter(self.errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)
