"""The two modules as Ansible runs them, against the real simulator process: check mode predicts and writes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from gatekit.devices.esxi.host_read import observe_host
from gatekit.devices.esxi.vm_read import observe_site
from tests.contract.module_runs import run
from tests.stories.esxi import simulator, site
from tests.stories.esxi.loopback import secrets
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story

CLEAN = {"before": "", "after": ""}


def connection(esxi: Simulator) -> dict[str, Any]:
    return {
        "host": simulator.ADDRESS, "port": esxi.port, "user": simulator.USER, "password": simulator.PASSWORD,
        "ca_pem": str(esxi.folder / "ca.pem"), "connect_deadline_s": 1,
    }  # fmt: skip


def host_arguments(esxi: Simulator) -> dict[str, Any]:
    logins = {"secrets": secrets(simulator.PASSWORD), "site_ca_key": (esxi.folder / "ca_key.pem").read_text()}
    reached = {key: value for key, value in connection(esxi).items() if key not in ("user", "password")}
    return reached | logins | {"plan": site.host_plan().model_dump(mode="json")}


def vm_arguments(esxi: Simulator, *names: str) -> dict[str, Any]:
    plans = [vm.model_dump(mode="json") for vm in site.plan().vms if vm.name in names]
    esx = site.host_plan().model_dump(mode="json")
    esx["autostart"] = [row for row in esx["autostart"] if row["vm"] in names]
    private, public = site.keys()
    return connection(esxi) | {
        "host_plan": esx, "vms": plans, "authorized_keys": [public],
        "host_keys": dict.fromkeys(names, private), "guest_deadline_s": 1,
    }  # fmt: skip


def test_check_mode_predicts_the_host_and_writes_nothing(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        fresh = observe_host(session)
    predicted = run("esxi_host", host_arguments(esxi), check=True)
    with site.session(esxi) as session:
        assert observe_host(session) == fresh
    done = run("esxi_host", host_arguments(esxi))
    again = run("esxi_host", host_arguments(esxi))
    assert (predicted["changed"], done["changed"], again["changed"]) == (True, True, False)
    assert (predicted["diff"], predicted["changes"]) == (done["diff"], done["changes"])
    assert (again["diff"], again["changes"]) == (CLEAN, [])


def test_check_mode_predicts_vms_on_a_fresh_host_too(esxi: Simulator) -> None:
    arguments = vm_arguments(esxi, "vm3")
    predicted = run("esxi_vm", arguments, check=True)
    with site.session(esxi) as session:
        assert observe_site(session).vms == ()
    run("esxi_host", host_arguments(esxi))
    done = run("esxi_vm", arguments)
    again = run("esxi_vm", arguments)
    assert (predicted["changed"], done["changed"], again["changed"]) == (True, True, False)
    assert predicted["diff"] == done["diff"]
    assert again["diff"] == CLEAN


def test_a_failure_carries_code_path_and_fix_and_no_secret(esxi: Simulator) -> None:
    run("esxi_host", host_arguments(esxi))
    without_image = {"extra_config": {"vm1": {"RUN.mountdmi": "false"}}}  # as in the twin, but no guest is behind it
    failed = run("esxi_vm", vm_arguments(esxi, "vm1") | without_image)
    assert failed["failed"] is True
    assert (failed["code"], failed["path"]) == ("GW415", "gw-kita-esx.guests")
    for secret in (simulator.PASSWORD, site.keys()[0], site.keys()[0].splitlines()[1]):
        assert secret not in str(failed)


def test_a_vm_module_before_the_host_module_is_refused(esxi: Simulator) -> None:
    failed = run("esxi_vm", vm_arguments(esxi, "vm3"))
    assert (failed["failed"], failed["code"], failed["path"]) == (True, "GW407", "gw-kita-esx.vm3.port_group")


def test_a_wrong_password_is_refused_without_being_printed(esxi: Simulator) -> None:
    failed = run("esxi_host", host_arguments(esxi) | {"secrets": secrets("x-wrong-secret")})
    assert (failed["failed"], failed["code"]) == (True, "GW401")
    assert "x-wrong-secret" not in str(failed)
