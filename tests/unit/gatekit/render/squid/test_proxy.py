from __future__ import annotations

import re

from gatekit.render.squid import proxy_files
from tests.sites import PATTERNS, example_plan

CONF = proxy_files(example_plan("pattern4").proxy)[0].content


def values(text: str, directive: str) -> list[str]:
    return [line.split(" ", 1)[1] for line in text.splitlines() if line.split(" ", 1)[0] == directive]


def test_hc_1_acls_are_exactly_the_plans() -> None:
    for pattern in PATTERNS:
        plan = example_plan(pattern).proxy
        text = proxy_files(plan)[0].content
        acls = {row.split()[0]: row.split()[1:] for row in values(text, "acl")}
        assert acls["clients"] == ["src", *(str(network) for network in plan.clients)]
        assert acls["destinations"] == ["dstdomain", "-n", *plan.destinations]
        assert acls["permitted_ports"] == ["port", *(str(port) for port in plan.connect_ports)]
        assert values(text, "http_port") == [f"{plan.address}:{plan.port}"]


def test_hc_1_one_rule_allows_and_it_stands_after_every_refusal() -> None:
    rules = values(CONF, "http_access")
    assert [rule for rule in rules if rule.startswith("allow")] == ["allow clients"]
    assert rules[-2:] == ["allow clients", "deny all"]
    refused = ["!clients", "manager", "!CONNECT", "!permitted_ports", "address_literal", "!destinations"]
    assert rules[:-2] == [f"deny {name}" for name in (*refused, "to_localhost", "to_linklocal")]


def test_log_format_has_no_field_that_can_hold_patient_data() -> None:
    fields = set(re.findall(r"%[0-9.]*([<>]?[a-zA-Z]+)", values(CONF, "logformat")[0]))
    # ru, >ru, rp: URL and path; un, ul, ui: user; {..}h: headers (Squid, logformat).
    assert fields == {"ts", "tu", "tr", ">a", "Ss", ">Hs", "<st", "rm", ">rd", ">rP", "Sh", "<a"}


def test_nothing_is_cached_or_told_to_the_other_side() -> None:
    assert values(CONF, "cache") == ["deny all"]
    assert values(CONF, "cache_dir") == []
    assert (values(CONF, "via"), values(CONF, "forwarded_for")) == (["off"], ["delete"])
