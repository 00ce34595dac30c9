"""The router's console as netmiko meets it: Japanese, folded, paged, in small pieces, with an empty prompt."""

from __future__ import annotations

import pytest

from gatekit.devices.yamaha_rtx import PLATFORM
from gatekit.errors import DeviceError

pytestmark = pytest.mark.peer


@pytest.mark.parametrize("language", ["ja.sjis", "ja.utf8", "ja.euc"])
def test_a_refusal_under_a_japanese_console_is_seen(make_lab, language):
    lab = make_lab(f"console character {language}\nconsole prompt kita\nsshd service on\n")
    session = lab.session()
    PLATFORM.prepare(session)
    transaction = PLATFORM.transaction()
    change = PLATFORM.change_set(PLATFORM.observe(session, lab.part), lab.part, renewed_secrets=frozenset())
    with pytest.raises(DeviceError) as refused:
        transaction.push(session, change.model_copy(update={"forward": ("ip filtre 1 pass * *",)}))
    session.close()
    assert refused.value.code == "GW422"
    assert refused.value.value.startswith("ip filtre 1 pass * *")


@pytest.mark.parametrize(
    "link", [{"chunk_bytes": 7, "delay_s": 0.0005}, {"chunk_bytes": 1}], ids=["slow", "single octets"]
)
def test_slow_and_chunked_output_of_a_japanese_folded_paged_console_is_read_right(make_lab, link):
    lab = make_lab(**link)
    for line in ("no console columns", "no console lines", "console character ja.utf8"):
        lab.type(line)
    lab.simulator.run(lab.router.save)
    session = lab.session()
    PLATFORM.prepare(session)
    found = PLATFORM.observe(session, lab.part)
    session.close()
    assert found.running == found.startup
    assert PLATFORM.change_set(found, lab.part, renewed_secrets=frozenset()).forward == (
        "console character en.ascii",
        "console columns 200",
        "console lines infinity",
    )


def test_with_an_empty_prompt_a_header_line_is_not_taken_for_the_prompt(make_lab):
    lab = make_lab("console lines infinity\nsshd service on\n", chunk_bytes=2)
    session = lab.session()
    PLATFORM.prepare(session)
    found = PLATFORM.observe(session, lab.part)
    session.close()
    assert found.running == "login user gwops <hidden>\nconsole lines infinity\nsshd service on\n"
