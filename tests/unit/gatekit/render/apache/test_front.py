from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from cryptography import x509

from gatekit.certificates.authority import SERVER, issue, new_authority
from gatekit.plan.vm1.model import ApachePlan
from gatekit.render.apache import apache_role_input, front_files, front_units
from tests.sites import PATTERNS, example_plan

PLAN = example_plan("pattern4").vm1.apache


def files(plan: ApachePlan = PLAN) -> dict[str, str]:
    return {file.path: file.content for file in front_files(plan)}


def configuration(plan: ApachePlan = PLAN) -> str:
    return files(plan)["/etc/apache2/apache2.conf"]


def changed(**values: object) -> ApachePlan:
    return ApachePlan.model_validate({**PLAN.model_dump(), **values})


def location(text: str, path: str) -> str:
    return text.split(f"<Location {path}>")[1].partition("</Location>")[0]


def values(text: str, directive: str) -> list[str]:
    return re.findall(rf"^\s*{directive} (.+)$", text, re.MULTILINE)


def test_ap_2_each_path_of_the_plan_has_its_backend_sources_and_methods() -> None:
    for pattern in PATTERNS:
        plan = example_plan(pattern).vm1.apache
        text = configuration(plan)
        assert re.findall(r"<Location (\S+)>", text) == ["/", *(rule.path for rule in plan.paths)]
        for rule in plan.paths:
            section = location(text, rule.path)
            assert values(section, "ProxyPass")[0].split()[0] == rule.backend
            assert values(section, "Require ip") == [" ".join(str(network) for network in rule.sources)]
            assert values(section, "Require method") == [" ".join(rule.methods)]


def test_nw_1_one_listener_and_only_the_plans() -> None:
    assert values(configuration(), "Listen") == [f"{PLAN.address}:{PLAN.port}"]
    assert set(re.findall(r"<VirtualHost (\S+)>", configuration())) == {f"{PLAN.address}:{PLAN.port}"}


def test_everything_is_refused_before_the_paths() -> None:
    assert location(configuration(), "/").split() == ["Require", "all", "denied"]


def test_first_host_refuses_other_names() -> None:
    hosts = re.findall(r"<VirtualHost.*?</VirtualHost>", configuration(), re.DOTALL)
    assert "R=421" in hosts[0]
    assert f"ServerName {PLAN.host_name}\n" in hosts[1]


def test_tls_is_the_high_security_type() -> None:
    assert values(configuration(), "SSLProtocol") == ["-all +TLSv1.2 +TLSv1.3"]
    (suites,) = values(configuration(), "SSLCipherSuite SSL")
    assert all(re.search(r"^ECDHE-(RSA|ECDSA)-.*(GCM|CHACHA20)", suite) for suite in suites.split(":"))


@pytest.mark.parametrize("allowed", [True, False])
def test_op_2_the_ways_around_a_path_are_closed_where_images_may_not_be_downloaded(allowed: bool) -> None:
    section = location(configuration(changed(images_may_be_downloaded=allowed)), "/dicom-web/")
    assert ("HTTP_ACCEPT" in section, "QUERY_STRING" in section) == (not allowed, not allowed)
    assert ("bulk" in section) is allowed


def test_limits_are_the_plans() -> None:
    plan = changed(request_body_limit_mb=3, requests_per_second=7)
    assert values(configuration(plan), "LimitRequestBody") == [str(3 * 1024 * 1024)]
    inspection = files(plan)["/etc/apache2/gatekit/modsecurity.conf"]
    assert values(inspection, "SecRequestBodyLimit") == [str(3 * 1024 * 1024)]
    assert 'SecRule IP:/^second_/ "@ge 7"' in inspection


def test_core_rule_set_blocks_and_keeps_no_audit_log() -> None:
    inspection = files()["/etc/apache2/gatekit/modsecurity.conf"]
    assert values(inspection, "SecRuleEngine") == ["On"]
    assert values(inspection, "SecAuditEngine") == ["Off"]
    names = {Path(name).stem for name in values(inspection, "Include") if "modsecurity-crs" in name}
    assert {"REQUEST-942-APPLICATION-ATTACK-SQLI", "REQUEST-949-BLOCKING-EVALUATION"} <= names
    assert "tx.allowed_methods=DELETE GET HEAD POST'" in inspection


def test_rule_numbers_are_used_once() -> None:
    text = (
        files()["/etc/apache2/gatekit/modsecurity.conf"] + files()["/etc/apache2/gatekit/modsecurity-exclusions.conf"]
    )
    numbers = re.findall(r'"id:(\d+)', text)
    assert len(numbers) == len(set(numbers))
    assert len(numbers) > 10


def test_secrets_are_names_and_the_key_is_readable_by_root_only() -> None:
    (bundle,) = [file for file in front_files(PLAN) if "<secret" in file.content]
    assert bundle.content == f"<secret {PLAN.certificate.certificate}>\n<secret {PLAN.certificate.key}>\n"
    assert (bundle.mode, bundle.owner, bundle.group) == ("0600", "root", "root")


def test_certificate_is_checked_with_its_key_before_it_is_placed(tmp_path: Path) -> None:
    (bundle,) = [file for file in front_files(PLAN) if "<secret" in file.content]
    authority = new_authority("test")
    good, other = (issue(authority, "x", [x509.DNSName("x.example.jp")], SERVER) for _ in range(2))
    for certificate, key, accepted in (
        (good.certificate, good.key, True),
        (good.certificate, other.key, False),
        ("not a certificate", good.key, False),
    ):
        (tmp_path / "pem").write_text(f"{certificate}\n{key}\n")
        words = [word.replace("%s", f"{tmp_path}/pem") for word in shlex.split(bundle.checker)]
        assert (subprocess.run(words, capture_output=True, check=False).returncode == 0) is accepted


def test_every_file_apache_reads_is_checked_with_it_and_makes_it_read_again() -> None:
    found = front_files(PLAN)
    (main,) = [file for file in found if file.checker and not file.checked_with]
    read = {main.path} | {file.path for file in found if file.checked_with == main.path}
    assert read == set(front_units()[0]["reads"])
    assert front_units()[0]["rereads"] == "reloaded"


def test_role_input_is_the_plan_as_plain_values() -> None:
    found = apache_role_input(PLAN.model_dump(mode="json"))
    assert [unit["name"] for unit in found["units"]] == ["apache2.service"]
    assert all(isinstance(row["content"], str) for row in found["files"])


HEAD = "[security2:error] [pid 7] [awOl]"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (
            f'{HEAD} [client 10.0.0.1:5] ModSecurity: Warning. detected SQLi [file "x"] [id "942100"] [data "Yamada"]',
            f"{HEAD} ModSecurity: a request matched rule 942100",
        ),
        (
            f'{HEAD} ModSecurity: Access denied [id "949110"] [uri "/a/1.2.3"] [data "[id \\"x"]',
            f"{HEAD} ModSecurity: a request matched rule 949110",
        ),
        (
            f'{HEAD} ModSecurity: Request body (x) is larger than the configured limit (67).. [uri "/gateway/P1"]',
            f"{HEAD} ModSecurity: Request body (x) is larger than the configured limit",
        ),
        (
            f'{HEAD} ModSecurity: JSON parsing error: "Yamada" [hostname "x"] [uri "/gateway/P1"]',
            f"{HEAD} ModSecurity: a message about a request, not kept",
        ),
        ("[mpm_event:notice] [pid 7] [-] AH00489: configured", "[mpm_event:notice] [pid 7] [-] AH00489: configured"),
        (f"{HEAD} ModSecurity: StatusEngine is off", f"{HEAD} ModSecurity: StatusEngine is off"),
    ],
)
def test_op_1_log_filter_keeps_the_number_of_a_rule_and_nothing_of_the_request(
    tmp_path: Path, line: str, kept: str
) -> None:
    script = tmp_path / "error-log.sed"
    script.write_text(files()["/etc/apache2/gatekit/error-log.sed"])
    words = ["sed", "--unbuffered", "--regexp-extended", f"--file={script}"]
    done = subprocess.run(words, input=line + "\n", capture_output=True, text=True, check=True)
    assert done.stdout == kept + "\n"
