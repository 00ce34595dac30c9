"""Log lines for the journal: no patient's id gets in, not even inside somebody else's exception."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

__all__ = ["set_up"]

type _Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
_LEVELS = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}


class JournalFormatter(logging.Formatter):
    """Prefixes the level as sd-daemon(3) wants it; of an exception only its type and where it happened."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; its further lines get the prefix too."""
        record.exc_text = None
        prefix = f"<{_LEVELS.get(record.levelno, 6)}>"
        return "\n".join(prefix + line for line in super().format(record).splitlines())

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the name of logging.Formatter
        """Return type and frames: messages of database and DICOM libraries quote values."""
        kind, _, trace = ei
        frames = [f"{row.filename}:{row.lineno} in {row.name}" for row in traceback.extract_tb(trace)]
        return "\n".join([f"{kind.__name__ if kind else 'exception'} at", *frames])


def set_up(level: int = logging.INFO) -> None:
    """Send every log to standard output, for the journal."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JournalFormatter("%(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("uvicorn.access", "pynetdicom", "pydicom"):
        logging.getLogger(name).setLevel(logging.WARNING)
