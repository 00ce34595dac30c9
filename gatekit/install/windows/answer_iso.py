"""The answer medium as an ISO, in memory only: it holds the one-time password and never touches our disk."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Literal

import pycdlib
from pycdlib import dates, headervd, udf
from pycdlib import pycdlib as writer

from gatekit.render.windows import MediumFile

__all__ = ["answer_iso", "read_back"]

VOLUME = "GWANSWER"
BUILT_AT_S = 1_767_225_600.0  # 2026-01-01T00:00:00Z: the same file on every day, in every time zone


def answer_iso(files: Iterable[MediumFile]) -> bytes:
    """Return the ISO; the same files give the same bytes."""
    image, whole = pycdlib.PyCdlib(), BytesIO()
    with _same_every_time():
        image.new(interchange_level=3, joliet=3, udf="2.60", vol_ident=VOLUME)
        for number, file in enumerate(files):
            content = file.content.encode()
            path = f"/{file.name}"
            short = f"/F{number:07d}.DAT;1"  # ISO 9660's own name is a form: Windows reads the other two
            image.add_fp(BytesIO(content), len(content), iso_path=short, joliet_path=path, udf_path=path)
        image.write_fp(whole)
    image.close()
    return whole.getvalue()


def read_back(iso: bytes, space: Literal["joliet_path", "udf_path"]) -> Mapping[str, bytes]:
    """Return name -> content of the root, as one of the two name spaces has it."""
    image = pycdlib.PyCdlib()
    image.open_fp(BytesIO(iso))
    found = {}
    for child in image.list_children(**{space: "/"}):
        if child is not None and child.is_file():
            name = _name(child, space)
            content = BytesIO()
            image.get_file_from_iso_fp(content, **{space: f"/{name}"})
            found[name] = content.getvalue()
    image.close()
    return found


def _name(child: Any, space: str) -> str:
    raw: bytes = child.file_identifier()
    return raw.decode("utf-16-be" if space == "joliet_path" else "utf-8")


@contextmanager
def _same_every_time() -> Iterator[None]:
    """Give pycdlib a clock that stands and a seeded random: it writes both into volume and file records.

    For one thread at a time; it has no parameter for either (reference B.1.7).
    """
    clock = SimpleNamespace(
        time=lambda: BUILT_AT_S, localtime=time.gmtime, strptime=time.strptime, strftime=time.strftime,
        struct_time=time.struct_time,
    )  # fmt: skip
    modules = (writer, udf, dates, headervd)
    try:
        for module in modules:
            vars(module)["time"] = clock
        vars(udf)["random"] = random.Random(VOLUME)  # noqa: S311 - an identifier of the volume, no secret
        yield
    finally:
        for module in modules:
            vars(module)["time"] = time
        vars(udf)["random"] = random
