"""The sheets: everything a vendor needs, both languages, to print and to open in Excel, and no patient in them."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

import pytest

from gatekit.connection.csv_sheet import HEAD, sheet_csv
from gatekit.connection.results import results_of
from gatekit.connection.sheet import sheet_html
from tests.unit.gatekit.connection.conftest import step

SHA = "f" * 64


class Page(HTMLParser):
    """Text and attributes; asserts that elements close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.attributes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.attributes |= {name for name, _ in attrs}
        if tag not in {"meta", "input", "br", "wbr"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text += data


def page(html: str) -> Page:
    parsed = Page()
    parsed.feed(html)
    assert parsed.open == []
    return parsed


@pytest.fixture
def results(plan, answers):
    return results_of(plan, SHA, answers)


def sheets(plan, results):
    return {row.system.key: sheet_html(plan, results, row) for row in results.systems}


def test_op_7_each_sheet_shows_both_ends_every_step_its_time_and_lines_to_sign(plan, results) -> None:
    text = page(sheets(plan, results)["pacs.main"]).text
    for fact in (
        "北総合病院",
        "Kita General Hospital",
        "10.161.4.10",
        "192.168.30.10:104",
        "KITA_GW / KITA_PACS",
        "C-ECHO",
        "テスト患者の検査 2件",
        "studies of the test patient: 2",
        "12.5",
        "2026-11-23 10:02:03",
        "氏名・印",
        "For the vendor",
        SHA,
    ):
        assert fact in text


def test_op_11_the_vendor_who_has_to_confirm_knows_whom_to_call(plan, results) -> None:
    support = plan.data_centre.support
    for html in sheets(plan, results).values():
        for fact in (support.name.ja, support.name.en, support.phone, support.email, support.hours.ja):
            assert fact in page(html).text


def test_op_7_a_system_that_calls_us_gets_the_steps_of_its_own_test(plan, results) -> None:
    text = page(sheets(plan, results)["orders"]).text
    assert "10.161.4.10:2200" in text
    assert "Send a test message with processing id T over MLLP" in text
    assert "未完了" in text


def test_op_7_no_sheet_shows_a_patient_or_a_password(plan, results) -> None:
    files = [*sheets(plan, results).values(), *(sheet_csv(plan, results, row).decode() for row in results.systems)]
    files.append(results.model_dump_json())
    assert all("TEST-PATIENT-77" not in text and "gwtest" not in text for text in files)


def test_a_sheet_loads_nothing_and_runs_nothing_and_escapes_what_a_peer_says(plan, answers) -> None:
    answers["sftp"][1] = step("ssh_banner", "answered", {"banner": "SSH-2.0-<script>alert(1)</script>"})
    results = results_of(plan, SHA, answers)
    html = sheets(plan, results)["sftp"]
    assert "<script" not in html
    assert not {"src", "href", "style", "onclick"} & page(html).attributes
    assert sheets(plan, results)["sftp"] == html


def test_op_7_the_csv_opens_in_excel_with_a_row_for_each_step(plan, results) -> None:
    (pacs,) = [row for row in results.systems if row.system.key == "pacs.main"]
    content = sheet_csv(plan, results, pacs)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == list(HEAD)
    assert [row[7:12] for row in rows[1:]] == [
        ["1", "TCP接続", "TCP connection", "合格", "passed"],
        ["2", "DICOMアソシエーション", "DICOM association", "合格", "passed"],
        ["3", "C-ECHO（疎通確認）", "C-ECHO (verification)", "合格", "passed"],
        ["4", "C-FIND（テスト患者の検査）", "C-FIND (studies of the test patient)", "合格", "passed"],
    ]
    assert {len(row) for row in rows} == {len(HEAD)}


def test_a_cell_a_spreadsheet_would_run_is_made_harmless(plan, answers) -> None:
    answers["sftp"][1] = step("ssh_banner", "answered", {"banner": "=HYPERLINK(1)"})
    results = results_of(plan, SHA, answers)
    (sftp,) = [row for row in results.systems if row.system.key == "sftp"]
    rows = list(csv.reader(io.StringIO(sheet_csv(plan, results, sftp).decode("utf-8-sig"))))
    assert rows[2][12:14] == ["'=HYPERLINK(1)", "'=HYPERLINK(1)"]
