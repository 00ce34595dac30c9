"""From what differs to composite operations: pure, nothing is asked or touched here."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .change_set import Record, ServerChange, property_address
from .management import Operation, operation
from .wish import SECRET, DeploymentWish

__all__ = ["composites"]


def composites(
    change: ServerChange, secrets: Mapping[str, str], sha1_of: Mapping[str, str], aliases: Collection[str] = ()
) -> tuple[Operation, ...]:
    """Return what is to be done: each operation is done wholly or not at all, and writes the record of its own deed.

    It is one operation, or two when both the configuration and applications change: an application must start on
    the configuration as it is after the reload, or it keeps the old executors and data sources.

    Args:
        change: what differs.
        secrets: values, for the credential store only.
        sha1_of: the contents of the uploads by name.
        aliases: what a store that was only now added turned out to hold: its file outlives an operation undone.
    """
    early = [_with_value(step, secrets) for step in change.early if step.get("alias") not in aliases]
    late = [_upload(row, replaced=row.name in change.replaced) for row in change.uploads] + list(change.late)
    kept = {name: sums for name, sums in change.record.deployments.items() if sums[0]}
    sums = {row.name: (row.sha256, sha1_of[row.name]) for row in change.uploads}
    phases = [(early, kept)] if early or not late else []
    phases += [(late, {**kept, **sums})] if late else []
    written, operations = change.recorded, []
    for steps, deployments in phases:
        record = Record(change.record.resources, deployments, change.record.aliases).as_text()
        operations.append(_composite([*steps, *_recording(change.owner, written, record)]))
        written = record
    return tuple(operations)


def _recording(owner: str, written: str | None, record: str) -> list[Operation]:
    address = property_address(owner)
    if written is None:
        return [operation("add", address, value=record)]
    return [] if written == record else [operation("write-attribute", address, name="value", value=record)]


def _composite(steps: list[Operation]) -> Operation:
    return operation("composite", steps=steps, operation_headers={"allow-resource-service-restart": True})


def _with_value(step: Operation, secrets: Mapping[str, str]) -> Operation:
    name = SECRET.fullmatch(str(step.get("secret-value", "")))
    return {**step, "secret-value": secrets[name.group(1)]} if name else step


def _upload(row: DeploymentWish, *, replaced: bool) -> Operation:
    content = [{"url": f"file:{row.file}"}]
    if replaced:
        return operation("full-replace-deployment", name=row.name, content=content, enabled=True)
    return operation("add", (("deployment", row.name),), content=content, enabled=True)
