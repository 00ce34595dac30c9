"""Autounattend.xml against the table of what Setup knows, for each Windows, language and site."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from gatekit.catalogue.windows import windows
from gatekit.plan.model import Plan
from gatekit.plan.windows_guest import computer_name
from gatekit.render.windows.answer_file import answer_file
from tests.sites import PATTERNS, example_plan
from tests.unit.gatekit.render.windows.setup_opinion import KNOWN, SPACE, faults
from tests.windows_sites import changed

SYSTEMS = ("windows2022", "windows2025")
LANGUAGES = ("ja-JP", "en-US")


def answers(plan: Plan) -> str:
    return answer_file(plan.windows, plan.vm("vm3"))


def parsed(answer: str) -> ET.Element:
    return ET.fromstring(answer)  # noqa: S314 - our own file


def texts(answer: str, name: str) -> list[str]:
    return [element.text or "" for element in parsed(answer).iter(f"{SPACE}{name}")]


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_ap_4_setup_knows_every_pass_component_and_setting(system: str, language: str) -> None:
    assert faults(answers(changed(system, language=language))) == []


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_address_is_the_plans_in_every_pattern(pattern: str) -> None:
    plan = example_plan(pattern)
    vm, answer = plan.vm("vm3"), answers(plan)
    assert faults(answer) == []
    assert texts(answer, "IpAddress") == [f"{vm.address}/{vm.prefix_length}", *map(str, vm.dns_servers)]
    assert texts(answer, "NextHopAddress") == [str(vm.default_gateway)]
    assert vm.mac.upper().replace(":", "-") in texts(answer, "Identifier")


def test_every_row_of_the_table_is_used() -> None:
    answer = parsed(answers(changed()))
    used = {(component.get("name"), settings.get("pass")) for settings in answer for component in settings}
    assert used == {(name, step) for name, row in KNOWN.items() for step in row["pass"]}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_image_is_named_as_the_media_name_it(system: str) -> None:
    names = windows().images[system]
    assert names.desktop in texts(answers(changed(system)), "Value")
    assert names.core in texts(answers(changed(system, desktop=False)), "Value")
    assert "Our Own Image" in texts(answers(changed(system, image="Our Own Image")), "Value")


def test_an_english_screen_keeps_the_japanese_keyboard_and_old_programs() -> None:
    answer = answers(changed(language="en-US"))
    assert set(texts(answer, "UILanguage")) == {"en-US"}
    assert set(texts(answer, "SystemLocale")) == {"ja-JP"}
    assert set(texts(answer, "InputLocale")) == {"0411:00000411"}
    assert texts(answer, "LayeredDriver") == ["6"]


def test_nobody_is_logged_on_by_itself_and_no_key_or_password_stands_in_it() -> None:
    answer = answers(changed())
    for word in ("AutoLogon", "FirstLogonCommands", "ProductKey", "EnableLUA", "EnableFirewall", "LocalAccount>"):
        assert word not in answer
    assert texts(answer, "Value")[-1] == "<secret windows_setup_password>"


def test_the_disk_is_laid_out_for_uefi() -> None:
    answer = answers(changed())
    assert texts(answer, "Type") == ["EFI", "MSR", "Primary", "Primary"]
    assert texts(answer, "Size") == ["300", "16", "1024"]
    assert texts(answer, "Format") == ["FAT32", "NTFS", "NTFS"]
    assert texts(answer, "TypeID") == ["DE94BBA4-06D1-4D40-A16A-BFD50179D6AC"]
    assert texts(answer, "PartitionID") == ["1", "3", "4", "4"]


@pytest.mark.parametrize(("site", "name"), [("kita", "gw-kita-vm3"), ("abcdefghijklmnop", "gw-abcdefgh-vm3")])
def test_a_long_site_is_cut_so_that_netbios_takes_the_name(site: str, name: str) -> None:
    assert computer_name(site, "vm3") == name
    assert len(name) <= windows().computer_name_length


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('pass="oobeSystem"', 'pass="specialise"', "Microsoft-Windows-International-Core: not in specialise"),
        ("Microsoft-Windows-TCPIP", "Microsoft-Windows-TcpIp", "Microsoft-Windows-TcpIp: unknown component"),
        ('publicKeyToken="31bf3856ad364e35"', 'publicKeyToken="31bf3856ad364e36"', "identity"),
        ("<TimeZone>Tokyo Standard Time</TimeZone>", "<Timezone>Tokyo Standard Time</Timezone>", "unknown setting"),
        ("<TimeZone>Tokyo Standard Time</TimeZone>", "<TimeZone></TimeZone>", "Shell-Setup/TimeZone: empty"),
        ("<PlainText>false</PlainText>", "<PlainText>true</PlainText>", "password in clear"),
        ('<Route wcm:action="add">', "<Route>", "Routes/Route: action"),
        ("<Order>2</Order>", "<Order>7</Order>", "orders 1 7"),
        ("gw-h3-vm3", "gw-h3-vm3-is-too-long", "ComputerName: longer than 15"),
        ("xcopy /y", "xcopy /y" + " " * 260, "Path: longer than 259"),
        ("Ipv6Settings", "Ipv5Settings", "order Ipv4Settings Ipv5Settings"),
    ],
)
def test_each_guard_sees_its_fault(right: str, wrong: str, fault: str) -> None:
    answer = answers(changed())
    assert right in answer
    found = faults(answer.replace(right, wrong))
    assert any(fault in line for line in found), found
