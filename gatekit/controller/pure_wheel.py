"""A wheel of pure Python from given files (the binary distribution format, PEP 427). Pure: same input, same bytes."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping

__all__ = ["pure_wheel"]

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first a zip file can say


def pure_wheel(name: str, version: str, files: Mapping[str, bytes], scripts: Mapping[str, str]) -> bytes:
    """Return the wheel's bytes.

    Args:
        name: of the distribution.
        version: of the distribution.
        files: content by path inside site-packages.
        scripts: command name to ``module:function``.
    """
    about = f"{name}-{version}.dist-info"
    entries = "".join(f"{command} = {target}\n" for command, target in sorted(scripts.items()))
    whole = {
        **dict(sorted(files.items())),
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: gatekit\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": f"[console_scripts]\n{entries}".encode(),
    }
    record = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in whole.items()]
    listed = "\n".join([*record, f"{about}/RECORD,,", ""]).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in {**whole, f"{about}/RECORD": listed}.items():
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
