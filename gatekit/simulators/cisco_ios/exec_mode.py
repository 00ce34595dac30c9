"""The commands of the privileged mode, abbreviated as IOS allows."""

from __future__ import annotations

from typing import NamedTuple

_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("terminal", "length", "<number>"),
    ("terminal", "width", "<number>"),
    ("terminal", "monitor"),
    ("show", "running-config"),
    ("show", "startup-config"),
    ("show", "version"),
    ("show", "archive"),
    ("show", "archive", "config", "rollback", "timer"),
    ("show", "archive", "config", "differences"),
    ("show", "privilege"),
    ("show", "users"),
    ("show", "ip", "route"),
    ("show", "ip", "route", "<address>"),
    ("show", "ip", "route", "<address>", "<mask>", "longer-prefixes"),
    ("show", "ipv6", "access-list"),
    ("show", "crypto", "ikev2", "sa"),
    ("show", "crypto", "ikev2", "sa", "detail"),
    ("show", "crypto", "ipsec", "sa"),
    ("show", "crypto", "ipsec", "sa", "detail"),
    ("configure", "terminal"),
    ("configure", "terminal", "lock"),
    ("configure", "terminal", "revert", "timer", "<number>"),
    ("configure", "confirm"),
    ("configure", "revert", "now"),
    ("configure", "replace", "nvram:startup-config", "force"),
    ("write", "memory"),
    ("write",),
    ("copy", "running-config", "startup-config"),
    ("write", "erase"),
    ("reload",),
    ("exit",),
    ("logout",),
    ("enable",),
    ("disable",),
)


class Command(NamedTuple):
    """A command that was understood: its words written out, and what stands for the words in angle brackets."""

    name: str
    arguments: tuple[str, ...] = ()


def understood(line: str) -> Command | None:
    """Return the one command that a line, abbreviated or not, stands for; None when the box says invalid."""
    typed = line.split()
    fitting = [words for words in _COMMANDS if len(words) == len(typed) and _fits(words, typed)]
    exact = [
        words
        for words in fitting
        if all(one in {word, one} and word == one for word, one in zip(words, typed, strict=True))
    ]
    for words in exact or fitting[:1]:
        arguments = tuple(one for word, one in zip(words, typed, strict=True) if word.startswith("<"))
        return Command(" ".join(words), arguments)
    return None


def is_beginning(line: str) -> bool:
    """Return whether more words would make a command of it: the box then says incomplete."""
    typed = line.split()
    return bool(typed) and any(len(words) > len(typed) and _fits(words[: len(typed)], typed) for words in _COMMANDS)


def _fits(words: tuple[str, ...], typed: list[str]) -> bool:
    return all(
        one[:1].isdigit() if word.startswith("<") else word.startswith(one.lower())
        for word, one in zip(words, typed, strict=True)
    )
