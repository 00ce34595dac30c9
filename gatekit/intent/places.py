"""Where in the file pydantic found a fault, and what the models say about that place."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from typing import Annotated, Any, TypeAliasType, Union

from gatekit.model import Frozen

type Loc = tuple[str | int, ...]


def without_tags(kind: type[Frozen], loc: Loc) -> Loc:
    """Return ``loc`` without the tags of unions, which nobody wrote into the file."""
    return tuple(part for part, is_tag, _ in _steps(kind, loc) if not is_tag)


def keys_at(kind: type[Frozen], loc: Loc) -> tuple[str, ...]:
    """Return the keys a person may write at ``loc``; empty where no mapping belongs."""
    model = bare(_annotation_at(kind, loc))
    return tuple(model.model_fields) if isinstance(model, type) and issubclass(model, Frozen) else ()


def description_at(kind: type[Frozen], loc: Loc) -> str:
    """Return what the model says of the key at the end of ``loc``; empty when it says nothing."""
    model = bare(_annotation_at(kind, loc[:-1]))
    field = model.model_fields.get(str(loc[-1])) if hasattr(model, "model_fields") else None
    return (field.description or "") if field else ""


def choices_at(kind: type[Frozen], loc: Loc, key: str) -> tuple[str, ...]:
    """Return the values of ``key`` that choose among the kinds of mapping at ``loc``."""
    union = bare(_annotation_at(kind, loc))
    tags = (_literals(member, key) for member in _members(union)) if _is_union(union) else ()
    return tuple(tag for group in tags for tag in group)


def models_below(kind: type[Frozen]) -> Iterator[type[Frozen]]:
    """Yield the model and every model that its keys lead to, as often as it is reached."""
    yield kind
    for field in kind.model_fields.values():
        for inner in models_in(field.annotation):
            yield from models_below(inner)


def models_in(annotation: Any) -> tuple[type[Frozen], ...]:
    """Return the models that may stand where ``annotation`` says: one, several kinds, or none."""
    current = bare(annotation)
    if typing.get_origin(current) is tuple:
        current = bare(typing.get_args(current)[0])
    members = _members(current) if _is_union(current) else (current,)
    return tuple(member for member in members if isinstance(member, type) and issubclass(member, Frozen))


def _annotation_at(kind: type[Frozen], loc: Loc) -> Any:
    reached = [annotation for _, _, annotation in _steps(kind, loc)]
    return reached[-1] if reached else kind


def _steps(kind: type[Frozen], loc: Loc) -> Iterator[tuple[str | int, bool, Any]]:
    """Yield each part of ``loc``, whether it is a union's tag, and the annotation it leads to."""
    current: Any = kind
    for part in loc:
        current = bare(current)
        is_tag = _is_union(current)
        if is_tag:
            current = next(member for member in _members(current) if str(part) in _tags(member))
        elif typing.get_origin(current) is tuple:
            current = typing.get_args(current)[0]
        elif isinstance(current, type) and issubclass(current, Frozen) and part in current.model_fields:
            current = current.model_fields[str(part)].annotation
        else:
            current = None  # a key that does not exist
        yield part, is_tag, current


def bare(annotation: Any) -> Any:
    """Return the annotation without aliases, ``Annotated`` and ``| None``."""
    while True:
        if isinstance(annotation, TypeAliasType):
            annotation = annotation.__value__
        elif typing.get_origin(annotation) is Annotated:
            annotation = typing.get_args(annotation)[0]
        elif _is_union(annotation) and len(_members(annotation)) == 1:
            annotation = _members(annotation)[0]
        else:
            return annotation


def _is_union(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (Union, types.UnionType)


def _members(annotation: Any) -> tuple[Any, ...]:
    members = (member for member in typing.get_args(annotation) if member is not type(None))
    return tuple(typing.get_args(member)[0] if typing.get_origin(member) is Annotated else member for member in members)


def _tags(member: type[Frozen]) -> set[str]:
    return {tag for key in member.model_fields for tag in _literals(member, key)}


def _literals(member: type[Frozen], key: str) -> tuple[str, ...]:
    annotation = bare(member.model_fields[key].annotation)
    return tuple(map(str, typing.get_args(annotation))) if typing.get_origin(annotation) is typing.Literal else ()
