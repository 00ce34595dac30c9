"""One session on a Junos box: operational and configuration mode."""

from __future__ import annotations

import re
from typing import Protocol

from gatekit.simulators.clock import Clock
from gatekit.simulators.junos import grammar, words
from gatekit.simulators.junos.commits import Commits, Editor
from gatekit.simulators.junos.configuration import compared, hierarchical, split
from gatekit.simulators.junos.grammar import Refused
from gatekit.simulators.junos.shows import shown
from gatekit.simulators.terminal import Interrupted, Terminal

COMMIT_S = 3.0
LEAST_PASSWORD = 6
_COMMIT = re.compile(
    r"commit(?: (?P<check>check)| (?P<confirmed>confirmed)(?: (?P<minutes>\d+))?)?"
    r"(?: comment (?P<comment>\"[^\"]*\"|\S+))?(?P<quit> and-quit)?"
)


class Box(Protocol):
    """What a session needs of the box that it is on; ``chassis``: what an EX shows before its prompt."""

    clock: Clock
    commits: Commits
    host_name: str
    model: str
    release: str
    chassis: str
    sessions: list[Terminal]

    def next_pid(self) -> int:
        """Return the next process number."""

    def kept(self, said: tuple[str, ...]) -> tuple[str, ...]:
        """Return a statement as it is stored, its secret obscured."""

    def remembered(self, password: str) -> str:
        """Return the hash under which a typed password is kept."""


class Shell:
    """The dialogue. ``editor`` is set while the session is in configuration mode."""

    def __init__(self, device: Box, terminal: Terminal, user: str) -> None:
        self.device, self.commits, self.terminal, self.user = device, device.commits, terminal, user
        self.editor: Editor | None = None
        self.terminal_name = f"pts/{len(device.sessions) - 1}"
        self.pid = device.next_pid()

    async def run(self) -> None:
        """Talk until the user leaves; what was held is given back however it ends."""
        try:
            await self.terminal.write(words.BANNER.format(release=self.device.release))
            while True:
                try:
                    line = (await self.terminal.read_line(self._prompt())).strip()
                    if self.editor is None and line in {"exit", "quit"}:
                        return
                    await self._answer(line)
                except Interrupted:
                    await self.terminal.write("\n")
        finally:
            self._leave()

    # ------------------------------------------------------------------ the screen
    def _prompt(self) -> str:
        left = self.commits.minutes_left()
        reminder = words.PENDING.format(minutes=left, s="s" if left != 1 else "") if left else "\n"
        context = f"{self.device.chassis}{'[edit]' if self.editor else ''}"
        sign = "#" if self.editor else ">"
        name = f"{self.user}@{self.device.host_name}" if self.device.host_name else self.user
        return f"{reminder}{context}\n{name}{sign} " if context else f"{reminder}{name}{sign} "

    async def _page(self, text: str) -> None:
        await self.terminal.page(text, more=words.MORE, erase=words.MORE_ERASE)

    async def _answer(self, line: str) -> None:
        if not line:
            return
        try:
            text = await (self._configure(line) if self.editor else self._operate(line))
        except Refused as err:
            await self._caret(line, err.column)
            text = err.text
        whole = line.endswith("| no-more")
        if whole:
            await self.terminal.write(text)
        else:
            await self._page(text)

    async def _caret(self, line: str, column: int | None) -> None:
        if column is not None:
            at = len(self._prompt().rsplit("\n", 1)[-1]) + line.find(line.lstrip()) + column
            await self.terminal.write(f"{' ' * at}^\n")

    # ------------------------------------------------------------------ operational mode
    async def _operate(self, line: str) -> str:
        if line in {"configure", "configure exclusive", "edit"}:
            return self._enter(exclusive=line.endswith("exclusive"))
        if line.startswith("set cli "):
            return self._cli(line.split()[2:])
        found = shown(line.removesuffix("| no-more").strip(), self.commits, self.device.release, self.device.model)
        if found is None:
            raise Refused(0, "unknown command.\n")
        return found

    def _cli(self, said: list[str]) -> str:
        match said:
            case ["screen-length", number] if number.isdigit():
                self.terminal.height, self.terminal.paging = int(number) or self.terminal.height, number != "0"
                return f"Screen length set to {number}\n"
            case ["screen-width", number] if number.isdigit():
                self.terminal.width = int(number)
                return f"Screen width set to {number}\n"
            case ["complete-on-space", "off"]:
                return "Disabling complete-on-space\n"
        raise Refused(len("set cli "), "syntax error.\n")

    def _enter(self, *, exclusive: bool) -> str:
        others = [
            f"  {one.row()}\n      {'exclusive ' if one.exclusive else ''}{self.device.chassis}[edit]\n"
            for one in self.commits.editors
        ]
        listed = f"Users currently editing the configuration:\n{''.join(others)}" if others else ""
        if exclusive and (holder := self.commits.lock_holder()):
            return words.LOCKED.format(who=holder.row())
        if exclusive and self.commits.modified:
            return f"{listed}error: configuration database modified\n"
        self.editor = Editor(self.user, self.terminal_name, self.pid, self.commits.now(), exclusive)
        self.commits.editors.append(self.editor)
        warning = words.EXCLUSIVE_WARNING if exclusive else ""
        return f"{warning}Entering configuration mode\n{listed}{words.CHANGED if self.commits.modified else ''}"

    # ------------------------------------------------------------------ configuration mode
    async def _configure(self, line: str) -> str:
        assert self.editor is not None
        verb = line.split(maxsplit=1)[0]
        if verb == "run":
            return await self._operate(line.removeprefix("run").strip())
        if line in {"exit", "quit", "exit configuration-mode", "top"}:
            return "" if line == "top" else await self._exit()
        if verb == "show":
            return self._show(line)
        locked = self.commits.locked_for(self.editor)
        if verb in {"set", "delete", "activate", "deactivate", "insert", "commit", "rollback"} and locked:
            return locked
        if verb == "commit":
            return await self._commit(line)
        if number := re.fullmatch(r"rollback(?: (\d+))?", line):
            return self.commits.load(int(number[1] or 0))
        if verb in {"set", "delete", "activate", "deactivate", "insert"}:
            return await self._edit(verb, line)
        raise Refused(0, "unknown command.\n")

    async def _exit(self) -> str:
        assert self.editor is not None
        if self.commits.modified:
            await self.terminal.write(words.CHANGED)
            said = await self.terminal.read_line("Exit with uncommitted changes? [yes,no] (yes) ")
            if said.strip() not in {"", "yes", "y"}:
                return ""
            if self.editor.exclusive:
                await self.terminal.write(words.DISCARDED)
        self._leave()
        return "Exiting configuration mode\n"

    def _leave(self) -> None:
        """Leave the mode; an exclusive candidate is thrown away, a shared one stays for everybody."""
        if self.editor is not None and self.editor in self.commits.editors:
            if self.editor.exclusive:
                self.commits.load(0)
            self.commits.editors.remove(self.editor)
        self.editor = None

    def _show(self, line: str) -> str:
        said = line.removesuffix("| no-more").strip()
        if said == "show | compare":
            return compared(self.commits.active, self.commits.candidate)
        if said == "show | display set":
            return "".join(f"{one}\n" for one in self.commits.candidate.lines())
        if said == "show":
            return "".join(hierarchical(self.commits.candidate))
        raise Refused(len("show "), "syntax error.\n")

    async def _commit(self, line: str) -> str:
        said = _COMMIT.fullmatch(line)
        if said is None:
            raise Refused(len("commit "), "syntax error.\n")
        await self.device.clock.sleep(COMMIT_S)
        if said["check"]:
            return self.commits.check()
        minutes = int(said["minutes"] or 10) if said["confirmed"] else None
        if minutes is not None and not 1 <= minutes <= 65535:
            return words.OUT_OF_RANGE.format(value=minutes)
        answer = self.commits.commit(self.user, (said["comment"] or "").strip('"'), minutes)
        if said["quit"] and "commit complete" in answer:
            self._leave()
            answer += "Exiting configuration mode\n"
        return answer

    async def _edit(self, verb: str, line: str) -> str:
        said, columns = split(line)
        path = said[1:]
        candidate = self.commits.candidate
        if verb == "set":
            return await self._set(path, columns[1:])
        if verb == "insert":
            if len(path) < 4 or path[-3] not in {"before", "after"} or path[-2] != path[-5]:
                raise Refused(columns[-1], "syntax error.\n")
            candidate.insert(path[:-3], path[-3], path[-1])
            return ""
        if not grammar.is_path(path):
            raise Refused(columns[1] if path else None, "syntax error.\n" if path else words.MISSING)
        act = {"delete": candidate.delete, "activate": candidate.wake, "deactivate": candidate.sleep}[verb]
        return "" if act(path) else words.NOT_FOUND

    async def _set(self, path: tuple[str, ...], columns: tuple[int, ...]) -> str:
        form = grammar.parse(path, columns)
        if not form.asks:
            self.commits.candidate.set(self.device.kept(path), form)
            return ""
        password = await self.terminal.read_line("New password:", echo=False)
        if len(password) < LEAST_PASSWORD:
            return words.SHORT
        if await self.terminal.read_line("Retype new password:", echo=False) != password:
            return words.NOT_EQUAL
        stored = (*path[:-1], "encrypted-password", self.device.remembered(password))
        self.commits.candidate.set(stored, grammar.parse(stored, tuple(range(len(stored)))))
        return ""
