"""One change on an AX, which has no undo timer (vendor reference 7.2): inverse on an open session, save last.

After an undo running and saved configuration are equal again, while the prompt keeps its ``!`` until somebody
saves: we do not, because nothing of ours is there to be kept.
"""

from __future__ import annotations

from gatekit.devices.change.session import Session
from gatekit.devices.change.switch_transaction import SAVE_LIMIT_S, SwitchTransaction

QUESTION = r"\(y/n\): ?$"


class AxTransaction(SwitchTransaction):
    """See ``gatekit.devices.change.platform.Transaction``."""

    save_line = "save"

    def save(self, session: Session) -> None:
        """Save, which this box does in configuration mode; some models ask first."""
        self.dialogue.start_configuring(session)
        prompt = self.dialogue.configuring_prompt(session)
        answer = session.tell(self.save_line, expect=rf"{QUESTION}|{prompt}", timeout_s=SAVE_LIMIT_S)
        if "(y/n)" in answer:
            session.tell("y", expect=prompt, timeout_s=SAVE_LIMIT_S)
        self.dialogue.stop_configuring(session)
