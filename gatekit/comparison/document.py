"""The comparison as a document for people: Markdown beside the JSON, and the lines that the screen shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gatekit.comparison.model import Comparison, DeviceFinding, Difference, Finding
from gatekit.errors import DeviceError
from gatekit.model import Text

TITLES = {
    "change": Text(ja="変更計画", en="What a run would change"),
    "drift": Text(ja="計画との差異", en="What is not as planned"),
}
WORDS = {
    Finding.AS_PLANNED: Text(ja="変更なし", en="no change"),
    Finding.DIFFERS: Text(ja="差異あり", en="differs"),
    Finding.NOT_REACHED: Text(ja="応答なし", en="not reachable"),
    Finding.REFUSED: Text(ja="変更不可", en="refused"),
    Finding.BY_VENDOR: Text(ja="病院のネットワーク業者が管理", en="managed by the vendor: request sheet"),
    Finding.NOT_COMPARED: Text(ja="未確認", en="not compared"),
}
INTERRUPTS = {
    True: Text(ja="通信が一時的に止まる", en="interrupts traffic"),
    False: Text(ja="通信は止まらない", en="does not interrupt traffic"),
    None: Text(ja="通信への影響は事前に分からない", en="interruption not known beforehand"),
}
SHOWN_LINES = 200


def markdown(comparison: Comparison) -> str:
    """Return the whole document."""
    title = TITLES[comparison.purpose]
    head = f"# {comparison.site}: {_both(title)}\n\nplan {comparison.plan_sha256}\n"
    return "\n".join([head, _table(comparison), *(_section(device) for device in comparison.devices)])


def summary(comparison: Comparison) -> Iterator[str]:
    """Yield a line for each device."""
    for device in comparison.devices:
        yield f"{device.name:<10} {device.platform:<18} {_said(device)}"


def write(comparison: Comparison, folder: Path) -> None:
    """Lay down ``<purpose>.json`` and ``<purpose>.md``; both are records, made anew each time."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"json": comparison.model_dump_json(indent=2) + "\n", "md": markdown(comparison)}
    for ending, text in texts.items():
        (folder / f"{comparison.purpose}.{ending}").write_text(text, encoding="utf-8")


def forget(folder: Path, purpose: str) -> None:
    """Remove an earlier document, so that nobody takes it for this run's."""
    for ending in ("json", "md"):
        (folder / f"{purpose}.{ending}").unlink(missing_ok=True)


def read(folder: Path, purpose: str) -> Comparison:
    """Return what ``write`` laid down.

    Raises:
        DeviceError: GW407 when nothing was collected.
    """
    path = folder / f"{purpose}.json"
    if not path.exists():
        fix = "Run ansible-playbook in the checkout, whose ansible.cfg loads the callback gatekit_comparison."
        raise DeviceError("GW407", str(path), "nothing was collected", fix)
    return Comparison.model_validate_json(path.read_bytes())


def _both(text: Text) -> str:
    return f"{text.ja} / {text.en}"


def _said(device: DeviceFinding) -> str:
    """Return what was found, in one English line."""
    said = WORDS[device.finding].en
    if device.finding is not Finding.DIFFERS:
        return f"{said}: {device.reason}" if device.reason and device.finding is not Finding.BY_VENDOR else said
    lines = [line for row in device.differences for line in row.lines]
    plus = sum(line.startswith("+") for line in lines)
    risk = f"; touches {', '.join(device.touches)}" if device.touches else ""
    return f"{said}: +{plus} -{len(lines) - plus} lines; {INTERRUPTS[device.interrupts].en}{risk}"


def _table(comparison: Comparison) -> str:
    rows = [f"| {device.name} | {device.platform} | {_said(device)} |" for device in comparison.devices]
    return "\n".join(["| 機器 / device | 製品 / platform | 結果 / result |", "|---|---|---|", *rows, ""])


def _section(device: DeviceFinding) -> str:
    parts = [f"## {device.name} ({device.platform}): {_both(WORDS[device.finding])}", ""]
    if device.reason:
        parts += [device.reason, ""]
    if device.finding is Finding.DIFFERS:
        parts += [_both(INTERRUPTS[device.interrupts]), ""]
        parts += [f"影響し得る対象 / can take down: {', '.join(device.touches)}", ""] if device.touches else []
    parts += [line for row in device.differences for line in _difference(row)]
    if device.steps:
        parts += ["### 送る内容 / what is sent or done", "", *_block("text", device.steps)]
    return "\n".join(parts)


def _difference(row: Difference) -> list[str]:
    place = f": `{row.where}`" if row.where else ""
    return [f"### {row.subject}{place}", "", *(_block("diff", row.lines) if row.lines else [])]


def _block(language: str, lines: tuple[str, ...]) -> list[str]:
    more = len(lines) - SHOWN_LINES
    rest = [f"... {more} more lines, all of them in the JSON"] if more > 0 else []
    return [f"~~~{language}", *lines[:SHOWN_LINES], *rest, "~~~", ""]
