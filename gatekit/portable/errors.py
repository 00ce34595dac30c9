"""The one error of the managed node: the same four facts as ``gatekit.errors.GatekitError``.

The table of codes stays on the controller (``gatekit/codes.py``); a contract test reads every code
used below ``gatekit/portable/`` and looks it up there.
"""

from __future__ import annotations


class NodeError(Exception):
    """Something a person can put right on the node: where it is, what was found, what to do."""

    def __init__(self, code: str, path: str, value: object, fix: str) -> None:
        super().__init__(code, path, value, fix)
        self.code, self.path, self.value, self.fix = code, path, value, fix

    @property
    def facts(self) -> tuple[str, str, object, str]:
        """Return (code, path, value, fix), what a test compares."""
        return self.code, self.path, self.value, self.fix

    def __str__(self) -> str:
        return f"{self.path}: {self.value!r} is not usable. {self.fix} [{self.code}]"

    def as_result(self) -> dict[str, str]:
        """Return the keyword arguments for ``AnsibleModule.fail_json``."""
        return {"msg": str(self), "code": self.code, "path": self.path, "fix": self.fix}
