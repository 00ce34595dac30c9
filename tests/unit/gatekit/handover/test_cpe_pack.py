"""The pack of a CPE that is sent in advance: what is in the unit, on it and with it, and no secret on paper."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.platforms import platform_of
from gatekit.errors import IntentError, RenderError
from gatekit.handover.cpe_pack import (
    CONFIGURATION,
    INSTRUCTION,
    LABEL,
    SUMS,
    cpe_pack,
    write_cpe_pack,
)
from gatekit.handover.sent_cpe import sent_plan, sent_unit
from gatekit.intent.load import load_intent
from gatekit.plan.model import Plan
from gatekit.plan.network_device import CpePart
from gatekit.verify.cpe_records import cpe_sha256
from tests.sites import example_folder, example_plan, vendor_plan
from tests.unit.gatekit.handover.outline import Outline

SENT = sent_unit("CPE-0399", "02:00:00:00:03:99")
VENDORS = ("nec_ix", "yamaha_rtx", "cisco_iosxe")


def pack(plan: Plan | None = None) -> dict[str, str]:
    return cpe_pack(plan or example_plan("pattern3"), load_intent(example_folder("pattern3")), SENT)


@pytest.mark.parametrize("product", ["linux", *VENDORS])
def test_vpn_3_the_pack_has_configuration_checksums_label_and_instruction(product):
    plan = example_plan("pattern3") if product == "linux" else vendor_plan(product, "pattern3")
    files = pack(plan)
    assert set(files) == {CONFIGURATION, LABEL, INSTRUCTION, SUMS}
    for line in files[SUMS].splitlines():
        digest, name = line.split("  ")
        assert digest == hashlib.sha256(files[name].encode()).hexdigest(), name
    assert len(files[SUMS].splitlines()) == 3
    assert "CPE-0399" in Outline(files[INSTRUCTION]).text


@pytest.mark.parametrize("product", VENDORS)
def test_vpn_3_the_sent_configuration_means_what_the_plan_asks_and_names_the_secret_only(product):
    plan = vendor_plan(product, "pattern3")
    assert plan.cpe is not None
    part = sent_plan(plan.cpe, SENT)
    text = pack(plan)[CONFIGURATION]
    sent = CpePart(part, part.units[0])
    assert platform_of(product).meaning(text, sent) == meaning_of(sent)
    assert "<secret vpn_psk>" in text
    assert "<secret cpe_password>" in text


def test_the_label_names_site_unit_digests_and_where_each_port_leads():
    files, plan = pack(), example_plan("pattern3")
    assert plan.cpe is not None
    text = Outline(files[LABEL]).text
    digest = hashlib.sha256(files[CONFIGURATION].encode()).hexdigest()[:12]
    for fact in (
        plan.hospital.ja,
        plan.site,
        "CPE-0399",
        "02:00:00:00:03:99",
        plan.cpe.units[0].host_name,
        cpe_sha256(plan.cpe)[:12],
        digest,
        plan.cpe.wan.port,
        plan.cpe.lan.port,
        plan.firewall.interfaces[0].port,
    ):
        assert fact in text, fact


def test_no_paper_bears_a_secret_or_its_name():
    files = pack()
    for name in (LABEL, INSTRUCTION, SUMS):
        assert "secret" not in files[name]
        assert "psk" not in files[name].lower()


def test_the_digest_on_the_label_follows_the_plan_and_not_the_unit():
    plan = example_plan("pattern3")
    assert plan.cpe is not None
    assert cpe_sha256(sent_plan(plan.cpe, SENT)) == cpe_sha256(plan.cpe)
    other = plan.cpe.model_copy(update={"tunnel": plan.cpe.tunnel.model_copy(update={"dpd_delay_s": 11})})
    assert cpe_sha256(other) != cpe_sha256(plan.cpe)


@pytest.mark.parametrize("name", ["pattern1", "pattern2", "pattern4"])
def test_vpn_3_only_pattern_3_sends_a_unit(name):
    with pytest.raises(RenderError) as refused:
        cpe_pack(example_plan(name), load_intent(example_folder(name)), SENT)
    assert refused.value.facts[:3] == ("GW302", "vpn.pattern", example_plan(name).pattern)


def test_the_unit_in_use_cannot_be_the_one_that_is_sent():
    plan = example_plan("pattern3")
    assert plan.cpe is not None
    used = plan.cpe.units[0]
    with pytest.raises(RenderError) as refused:
        cpe_pack(plan, load_intent(example_folder("pattern3")), sent_unit(used.serial, used.wan_mac))
    assert refused.value.facts[:3] == ("GW302", "sent.serial", used.serial)


def test_a_unit_without_a_usable_mac_address_is_refused():
    with pytest.raises(IntentError) as refused:
        sent_unit("CPE-0399", "not-a-mac")
    assert refused.value.facts[:2] == ("GW104", "sent.wan_mac")


def test_writing_the_pack_twice_changes_nothing(tmp_path: Path):
    first = write_cpe_pack(tmp_path, example_folder("pattern3"), SENT)
    again = write_cpe_pack(tmp_path, example_folder("pattern3"), SENT)
    assert set(first.values()) == {True}
    assert set(again.values()) == {False}
    assert {path.parent.name for path in first} == {"cpe_pack_CPE-0399"}
    assert not re.search("vpn_psk: ", (tmp_path / "cpe_pack_CPE-0399" / LABEL).read_text())
