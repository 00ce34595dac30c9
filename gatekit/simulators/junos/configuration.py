"""One configuration as the box holds it: statements in its own order, names of objects, secrets obscured."""

from __future__ import annotations

import re
import secrets as randomness
from collections.abc import Iterable, Iterator

from gatekit.simulators.junos import grammar, words
from gatekit.simulators.junos.grammar import OBJECTS, Form, Refused, Words

FIRST_UID = 2000
MATCH_ORDER = ("from-zone", "to-zone", "source-address", "destination-address", "application")
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|\S+')


def split(line: str) -> tuple[Words, tuple[int, ...]]:
    """Return a line's words without quotes, and the column where each begins."""
    found = list(_WORD.finditer(line))
    return tuple(match.group().strip('"') for match in found), tuple(match.start() for match in found)


def joined(said: Words) -> str:
    """Return words as the box shows them."""
    return " ".join(word if re.fullmatch(r"[\w./:@*+-]+", word) else f'"{word}"' for word in said)


class Configuration:
    """Statements without their verb; ``asleep`` are the paths that are deactivated."""

    def __init__(self, statements: Iterable[Words] = (), asleep: Iterable[Words] = ()) -> None:
        self.statements: list[Words] = list(statements)
        self.asleep: list[Words] = list(asleep)

    def copy(self) -> Configuration:
        """Return one that changes on its own."""
        return Configuration(self.statements, self.asleep)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Configuration) and self.lines() == other.lines()

    __hash__ = None  # type: ignore[assignment] # it changes

    # ------------------------------------------------------------------ reading
    def below(self, *path: str) -> list[Words]:
        """Return what is in force below a path, without the path; ``*`` in it is any name."""
        awake = [said for said in self.statements if not any(_under(said, top) for top in self.asleep)]
        return [said[len(path) :] for said in awake if _under(said, path)]

    def names(self, *path: str) -> list[str]:
        """Return the first word below a path, each once, in order."""
        return list(dict.fromkeys(said[0] for said in self.below(*path) if said))

    def lines(self) -> list[str]:
        """Return it as ``display set``, in the order of the hierarchy; policies in their own."""
        places: dict[Words, int] = {}
        for index, said in enumerate(self.statements):
            places.setdefault(_way(said), index)
            places.setdefault(_block(said), index)
        ordered = sorted(self.statements, key=lambda said: _key(said, places))
        return [*(f"set {joined(said)}" for said in ordered), *(f"deactivate {joined(path)}" for path in self.asleep)]

    # ------------------------------------------------------------------ changing
    def set(self, said: Words, form: Form) -> None:
        """Add a statement; where one value is held, it takes the old one's place."""
        if form.single:
            stem = said[:-1]
            old = [index for index, other in enumerate(self.statements) if other[:-1] == stem]
            for index in old:
                self.statements[index] = said
            if old:
                return
        if said not in self.statements:
            self.statements = [other for other in self.statements if said[: len(other)] != other]  # no bare object
            self.statements.append(said)
        self._number_account(said)

    def _number_account(self, said: Words) -> None:
        """Give a new account its uid, as the box does by itself."""
        if said[:3] == ("system", "login", "user"):
            known = [row[5] for row in self.statements if row[:3] == said[:3] and row[4:5] == ("uid",)]
            if not any(row[:5] == (*said[:4], "uid") for row in self.statements):
                self.statements.append((*said[:4], "uid", str(FIRST_UID + len(known))))

    def delete(self, path: Words) -> bool:
        """Remove what is below a path; return False when there is nothing. An object's name stays alone."""
        gone = [said for said in self.statements if _under(said, path)]
        if not gone:
            return False
        self.statements = [said for said in self.statements if not _under(said, path)]
        self.asleep = [top for top in self.asleep if not _under(top, path)]
        if path[-2:-1] and path[-2] in OBJECTS:
            return True
        owner = next((path[:end] for end in range(len(path) - 1, 1, -1) if path[end - 2] in OBJECTS), None)
        if owner is not None and not any(_under(said, owner) for said in self.statements):
            self.statements.append(owner)
        return True

    def sleep(self, path: Words) -> bool:
        """Deactivate; return False when there is nothing."""
        if not any(_under(said, path) for said in self.statements):
            return False
        if path not in self.asleep:
            self.asleep.append(path)
        return True

    def wake(self, path: Words) -> bool:
        """Activate; return False when it was not asleep."""
        if path not in self.asleep:
            return False
        self.asleep.remove(path)
        return True

    def insert(self, path: Words, where: str, other: str) -> None:
        """Move a policy or term before or after another.

        Raises:
            Refused: one of them is not there.
        """
        neighbour = (*path[:-1], other)
        for one in (path, neighbour):
            if not any(_under(said, one) for said in self.statements):
                raise Refused(None, words.INSERT_NOT_FOUND.format(what=" ".join(one[-2:])))
        moved = [said for said in self.statements if _under(said, path)]
        rest = [said for said in self.statements if not _under(said, path)]
        places = [index for index, said in enumerate(rest) if _under(said, neighbour)]
        at = places[0] if where == "before" else places[-1] + 1
        self.statements = [*rest[:at], *moved, *rest[at:]]


def obscured(said: Words) -> Words:
    """Return a statement whose secret is stored as the box stores it: ``$9$`` with new salt at every set."""
    if said[-2:-1] == ("ascii-text",) and not said[-1].startswith("$9$"):
        return (*said[:-1], f"$9${randomness.token_urlsafe(24)}")
    return said


def hashed() -> str:
    """Return what a password is shown as."""
    return f"$6${randomness.token_hex(4)}${randomness.token_urlsafe(48)}"


def compared(old: Configuration, new: Configuration) -> str:
    """Return ``show | compare``: what goes and what comes, below the path where it does; order included."""
    before, after = old.lines(), new.lines()
    rows: list[str] = []
    for sign, lines, others in (("-", before, set(after)), ("+", after, set(before))):
        for line in lines:
            if line not in others:
                said, _ = split(line)
                *above, leaf = _nodes(said[1:])
                rows.append(f"[edit {' '.join(above)}]\n{sign}   {leaf};\n")
    if not rows and before != after:
        moved = next(line for line, other in zip(before, after, strict=True) if line != other)
        rows.append(f"[edit security policies]\n!    {joined(split(moved)[0][3:])} {{ ... }}\n")
    return "".join(rows)


def _under(said: Words, path: Words) -> bool:
    return len(said) >= len(path) and all(known in {"*", word} for known, word in zip(path, said, strict=False))


def _way(said: Words) -> Words:
    return said[: said.index("policy")] if "policy" in said else ()


def _block(said: Words) -> Words:
    return said[: said.index("policy") + 2] if "policy" in said and said[:2] == ("security", "policies") else ()


def _key(said: Words, places: dict[Words, int]) -> tuple[object, ...]:
    top = grammar.TOP.index(said[0])
    if said[:2] != ("security", "policies"):
        return top, said[:2], tuple(_natural(word) for word in said)
    kind = ("from-zone", "global", "default-policy").index(said[2])
    rest = said[len(_block(said)) :]
    rank = MATCH_ORDER.index(rest[1]) if rest[:1] == ("match",) else len(MATCH_ORDER)
    return top, said[:2], kind, places[_way(said)], places[_block(said)], rank


def _natural(word: str) -> tuple[int, int, str]:
    return (0, int(word), "") if word.isdigit() else (1, 0, word)


def hierarchical(configuration: Configuration) -> Iterator[str]:
    """Yield it in braces, secrets marked."""
    previous: Words = ()
    depth = 0
    for line in configuration.lines():
        if not line.startswith("set "):
            continue
        nodes = _nodes(split(line)[0][1:])
        shared = next((at for at, (a, b) in enumerate(zip(previous, nodes[:-1], strict=False)) if a != b), None)
        common = min(len(previous), len(nodes) - 1) if shared is None else shared
        while depth > common:
            depth -= 1
            yield f"{'    ' * depth}}}\n"
        for node in nodes[common:-1]:
            yield f"{'    ' * depth}{node} {{\n"
            depth += 1
        mark = " ## SECRET-DATA" if re.search(r"\$[69]\$", nodes[-1]) else ""
        yield f"{'    ' * depth}{nodes[-1]};{mark}\n"
        previous = nodes[:-1]
    while depth:
        depth -= 1
        yield f"{'    ' * depth}}}\n"


def _nodes(said: Words) -> Words:
    """Return the levels of a statement: a name stands on the line of the word it belongs to."""
    form = grammar.parse(said, tuple(range(len(said)))) if _whole(said) else None
    nodes: list[str] = []
    for at, word in enumerate(said):
        is_name = form is not None and form.words[at].startswith("<")
        if nodes and (is_name or "|" in (form.words[at] if form else "") or word == "to-zone"):
            nodes[-1] += " " + joined((word,))
        else:
            nodes.append(word)
    return tuple(nodes)


def _whole(said: Words) -> bool:
    try:
        grammar.parse(said, tuple(range(len(said))))
    except Refused:
        return False
    return True
