"""The configuration mode of one session: the mode it is in, and what each line does or why it is refused."""

from __future__ import annotations

import hashlib
import re
from ipaddress import IPv4Network

from gatekit.simulators.cisco_ios import words
from gatekit.simulators.cisco_ios.configuration import (
    LIST_MODES,
    Configuration,
    Node,
    entry_text,
    put,
    unset,
)
from gatekit.simulators.cisco_ios.grammar import GLOBAL, Taken, complete, is_beginning, taken

_REFERENCES = {  # what stands under a global line that names another global line
    "crypto ikev2 proposal": (r"proposal (\S+)",),
    "crypto ikev2 keyring": (r"keyring local (\S+)",),
    "crypto ikev2 profile": (r"set ikev2-profile (\S+)",),
    "crypto ipsec transform-set": (r"set transform-set (\S+)",),
    "crypto ipsec profile": (r"tunnel protection ipsec profile (\S+)",),
}
_BINDINGS = (
    r"(?:ip access-group|ipv6 traffic-filter|access-class|ipv6 access-class) (\S+) (?:in|out)",
    r"tunnel protection ipsec policy ipv4 (\S+)",
)
_STEP = 10
_DEFAULTS = frozenset({"ip domain lookup", "ip routing"})  # in force and not shown
SCRYPT_LENGTH = 43


class Refused(Exception):  # noqa: N818 - what the box says, not a fault
    """The box does not take the line; the text is what it says."""


class Question(Exception):  # noqa: N818 - what the box says, not a fault
    """The box asks back before it takes a line."""

    def __init__(self, text: str, agrees: tuple[str, ...]) -> None:
        super().__init__(text)
        self.text, self.agrees = text, agrees


class Editing:
    """One session's place in the configuration; ``translations``: whether NAT has entries in use."""

    def __init__(self, configuration: Configuration, *, translations: bool = False) -> None:
        self.configuration, self.translations = configuration, translations
        self._path: list[Node] = []

    @property
    def mode(self) -> str:
        """Return the mode's name as the prompt shows it."""
        return self._path[-1].mode if self._path else GLOBAL

    def leave(self) -> bool:
        """Go up one mode; return whether there was one to leave."""
        return bool(self._path) and self._path.pop() is not None

    def take(self, typed: str, *, agreed: bool = False) -> None:
        """Do what a line says.

        Raises:
            Refused: with the box's words.
            Question: the box wants an answer first.
        """
        line = complete(typed)
        while True:
            if self.mode in LIST_MODES and self._entry(line):
                return
            found = taken(self.mode, line) if self.mode not in LIST_MODES else None
            if found is not None:
                self._set(line, found, agreed=agreed)
                return
            if not self._path:
                raise Refused(words.INCOMPLETE if is_beginning(GLOBAL, line) else _marked(line))
            if taken(GLOBAL, line) is None and self._known_above(line) is None:
                raise Refused(words.INCOMPLETE if is_beginning(self.mode, line) else _marked(line))
            self._path.pop()

    def _known_above(self, line: str) -> Taken | None:
        """Return how a mode between this one and the global one would take the line."""
        modes = [node.mode for node in self._path[:-1]]
        return next((found for mode in modes if (found := taken(mode, line)) is not None), None)

    def _parent(self) -> Node:
        return self._path[-1] if self._path else self.configuration.root

    def _set(self, line: str, found: Taken, *, agreed: bool) -> None:
        if found.negative:
            self._remove(line, found, agreed=agreed)
            return
        self._check(line)
        if line in _DEFAULTS:
            self._parent().children.pop(found.key, None)
            return
        node = put(self._parent(), self._as_kept(line), found)
        if found.form.opens:
            self._path.append(node)

    def _check(self, line: str) -> None:
        """Refuse what the box checks beyond the words."""
        if line.startswith("ip route "):
            network, mask = line.split()[2:4]
            try:
                IPv4Network(f"{network}/{mask}")
            except ValueError as err:
                raise Refused(words.BAD_MASK) from err
        if line.startswith("tunnel protection ipsec profile "):
            name = line.rsplit(maxsplit=1)[-1]
            if self.configuration.top(f"crypto ipsec profile {name}") is None:
                raise Refused(words.NO_PROFILE.format(name=name))

    def _as_kept(self, line: str) -> str:
        """Return the line as the box keeps it: a password as its scrypt hash, a key as the master key makes it."""
        account = re.match(r"username (\S+) (privilege \d+) (?:algorithm-type scrypt )?secret (?:0 )?(?!9 )(.+)$", line)
        if account:
            self.configuration.accounts[account[1]] = account[3]
            return f"username {account[1]} {account[2]} secret 9 $9${_digest(account[3])}"
        key = re.match(r"(pre-shared-key (?:local|remote)) (?!6 )(\S+)$", line)
        if key and self.configuration.master_key:
            return f"{key[1]} 6 {_digest(key[2]).upper()}"
        return line

    def _remove(self, line: str, found: Taken, *, agreed: bool) -> None:
        parent = self._parent()
        if parent is self.configuration.root:
            self._refuse_in_use(found)
            if line.startswith("no ip route ") and found.key not in parent.children:
                raise Refused(words.NO_ROUTE)
            if line.startswith("no username ") and not agreed:
                raise Question(words.ACCOUNT_QUESTION, ("", "y"))
            if line.startswith("no ip nat inside source ") and self.translations and not agreed:
                raise Question(words.NAT_QUESTION, ("y", "yes"))
        unset(parent, line, found)
        if line.startswith("no username "):
            self.configuration.accounts.pop(line.split()[2], None)
        if line.startswith("no interface "):
            self._drop_routes(line.rsplit(maxsplit=1)[-1])

    def _drop_routes(self, interface: str) -> None:
        """Take the static routes into an interface away with it."""
        gone = [node.text for node in self.configuration.sections("ip route ") if f" {interface}" in node.text]
        for key in [key for key, node in self.configuration.root.children.items() if node.text in gone]:
            del self.configuration.root.children[key]

    def _refuse_in_use(self, found: Taken) -> None:
        name = found.key.rsplit(" ", 1)[-1]
        for kind, forms in _REFERENCES.items():
            if found.key.startswith(f"{kind} "):
                for user in self._users(forms, name):
                    raise Refused(words.IN_USE.format(kind=kind, name=name, user=user))
        if "access-list" in found.key:
            for user in self._users(_BINDINGS, name):
                raise Refused(words.LIST_IN_USE.format(name=name, user=user))

    def _users(self, forms: tuple[str, ...], name: str) -> list[str]:
        return [
            node.text
            for node in self.configuration.root.children.values()
            for text in node.lines()
            for form in forms
            if (match := re.fullmatch(form, text)) and match.group(1) == name
        ]

    def _entry(self, line: str) -> bool:
        """Set or remove an entry of the list that the session is in; return whether the line was one."""
        match = re.fullmatch(r"(no )?(?:(?:sequence )?(\d+) ?)?((?:permit|deny) .+)?", line)
        if match is None or not (match[2] or match[3]):
            return False
        entries = self._path[-1].children
        text = match[3]
        if text is not None:
            found = taken(self.mode, text)
            if found is None:
                raise Refused(_marked(line))
            text = entry_text(found.form, text)
        if match[1]:
            wanted = [key for key, one in entries.items() if key == match[2] or (not match[2] and one.text == text)]
            for key in wanted:
                del entries[key]
            return True
        if text is None:
            return False
        if match[2] in entries:
            raise Refused(words.DUPLICATE_NUMBER)
        if text not in {one.text for one in entries.values()}:  # the box ignores an entry that is there
            last = max((int(key) for key in entries), default=0)
            entries[match[2] or str(last - last % _STEP + _STEP)] = Node(text)
        return True


def enable_secret(secret: str) -> str:
    """Return the line of an enable secret as the box keeps it."""
    return f"enable secret 9 $9${_digest(secret)}"


def _digest(secret: str) -> str:
    return hashlib.sha256(f"salt {secret}".encode()).hexdigest()[:SCRYPT_LENGTH]


def _marked(line: str) -> str:
    return f"{' ' * len(line.split(maxsplit=1)[0])}^\n{words.INVALID}"
