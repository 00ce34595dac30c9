from __future__ import annotations

import re

from gatekit.plan.vm1.model import Artefact, DatabasePlan, Deployment
from gatekit.portable.wildfly.addresses import parse_address
from gatekit.portable.wildfly.wish import read_wish
from gatekit.render.wildfly import Resource, ServerPart, application, data_source, present, server_wish
from gatekit.render.wildfly.wish import UNUSED
from tests.sites import PATTERNS, example_plan

PLAN = example_plan("pattern4").vm1.wildfly
WISH = server_wish(PLAN)
DATABASE = DatabasePlan(name="archive", owner="pacs", password="archive_database_password", port=5432)


def attributes(address: str) -> dict[str, object]:
    (found,) = [row.attributes for row in WISH.resources if row.address == address]
    return found


def test_ap_2_wish_is_one_the_module_can_read_and_names_each_address_once() -> None:
    for pattern in PATTERNS:
        part = server_wish(example_plan(pattern).vm1.wildfly).model_dump()
        wish = read_wish({**part, "credential_store": "/subsystem=elytron/credential-store=gatekit"})
        assert wish.secrets == ("wildfly_keystore_password",)


def test_unused_subsystems_go_before_their_extensions() -> None:
    absent = [row.address for row in WISH.resources if row.state == "absent"]
    for subsystem, extension in UNUSED.items():
        assert absent.index(f"/subsystem={subsystem}") + 1 == absent.index(f"/extension={extension}")
    needed = (
        "datasources",
        "ee",
        "ejb3",
        "infinispan",
        "jaxrs",
        "jca",
        "jpa",
        "naming",
        "transactions",
        "undertow",
        "weld",
    )
    assert not {f"/subsystem={name}" for name in needed} & set(absent)


def test_both_listeners_have_the_same_limits_and_take_the_clients_address_from_apache() -> None:
    server = "/subsystem=undertow/server=default-server"
    http, https = attributes(f"{server}/http-listener=default"), attributes(f"{server}/https-listener=https")
    own = {"socket-binding", "ssl-context"}
    assert {k: v for k, v in http.items() if k not in own} == {k: v for k, v in https.items() if k not in own}
    assert (http["proxy-address-forwarding"], http["max-post-size"]) == (True, 64 * 2**20)


def test_access_log_holds_neither_path_nor_query() -> None:
    pattern = str(
        attributes("/subsystem=undertow/server=default-server/host=default-host/setting=access-log")["pattern"]
    )
    assert set(re.findall(r"%(?:\{\w+\}|\w)", pattern)) == {"%h", "%t", "%m", "%{RESOLVED_PATH}", "%s", "%b", "%D"}


def test_console_is_off_and_only_forward_secret_suites_are_on() -> None:
    assert attributes("/core-service=management/management-interface=http-interface")["console-enabled"] is False
    tls = attributes("/subsystem=elytron/server-ssl-context=applicationSSC")
    assert tls["protocols"] == ["TLSv1.2", "TLSv1.3"]
    suites = str(tls["cipher-suite-filter"]).split(":")
    assert all(re.fullmatch(r"ECDHE-(ECDSA|RSA)-AES(256|128)-GCM-SHA(384|256)", suite) for suite in suites)
    assert len(suites) == 4


def test_no_secret_stands_in_the_wish_but_by_name() -> None:
    text = WISH.model_dump_json()
    assert set(re.findall(r"<secret (\w+)>", text)) == {"wildfly_keystore_password"}
    assert re.findall(r'"clear-text":"([^"]*)"', text) == ["${env.WILDFLY_STORE_PASSWORD}"]


def test_application_of_the_plan_is_deployed_from_where_the_role_puts_it() -> None:
    row = Deployment(name="a.war", context="/a", artefact=Artefact(path="a.war", sha256="0" * 64))
    part = server_wish(PLAN.model_copy(update={"deployments": (row,)}))
    assert part.deployments == (application(row),)
    assert part.deployments[0].file == f"/var/lib/wildfly/incoming/{'0' * 64}"


def test_additional_parts_come_after_our_own() -> None:
    extra = ServerPart(owner="other", resources=(present("/system-property=x", value="1"),))
    part = server_wish(PLAN, [extra])
    assert (part.owner, part.resources[-1]) == (
        "wildfly",
        Resource(address="/system-property=x", attributes={"value": "1"}),
    )


def test_data_source_notices_a_database_that_came_back() -> None:
    source = data_source("PacsDS", "java:/PacsDS", DATABASE, connections=20)
    assert parse_address(source.address) == (("subsystem", "datasources"), ("data-source", "PacsDS"))
    assert source.attributes["validate-on-match"] is True
    package = "org.jboss.jca.adapters.jdbc.extensions.postgres.PostgreSQL"
    assert source.attributes["valid-connection-checker-class-name"] == f"{package}ValidConnectionChecker"
    assert source.attributes["exception-sorter-class-name"] == f"{package}ExceptionSorter"
    assert source.attributes["credential-reference"] == {
        "store": "gatekit",
        "alias": "<secret archive_database_password>",
    }
    assert source.attributes["connection-url"] == "jdbc:postgresql://127.0.0.1:5432/archive"
