"""Up, again, after deaths and interruptions, against another twin, and down without a trace."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pyVim.connect import Disconnect, SmartConnect
from pyVmomi import vim

from gatekit.errors import TwinError
from gatekit.render.cloud_init.guest_info import FirstBoot, render
from gatekit.render.cloud_init.metadata import NIC
from tests.sites import ROOT, example_plan
from tests.stories.twin.conftest import SITE, Twin, quiet, said
from twin import lifecycle, podman
from twin.__main__ import main
from twin.commands import run, succeeds
from twin.connection_facts import hosts_yaml
from twin.esx import Simulator
from twin.folders import keys_folder, site_folder
from twin.isolation import is_isolated
from twin.layout import topology
from twin.naming import container_name
from twin.pki import Pki
from twin.vault import Vault

pytestmark = [pytest.mark.story, pytest.mark.usefixtures("twin")]
PLAN = example_plan("pattern4")
REPEAT_LIMIT_S = 5.0
UP_LIMIT_S = 90.0


def states() -> dict[str, str]:
    return {row.name: row.state for row in lifecycle.status(SITE)}


def all_ready() -> bool:
    return set(states().values()) == {"ready"}


def test_up_on_a_running_twin_changes_nothing_and_is_quick() -> None:
    before = podman.process_ids([one.name for one in podman.containers(SITE)])
    simulator = Simulator(SITE).process_id()
    started = time.monotonic()
    lifecycle.up(SITE, quiet())
    assert time.monotonic() - started < REPEAT_LIMIT_S
    assert podman.process_ids([one.name for one in podman.containers(SITE)]) == before
    assert Simulator(SITE).process_id() == simulator
    assert all_ready()


def test_up_restarts_what_was_killed_and_remakes_what_was_removed(twin: Twin) -> None:
    killed, removed = "dc_services", "his_terminal"
    os.kill(podman.process_id(container_name(SITE, killed)), signal.SIGKILL)
    podman.remove_containers([container_name(SITE, removed)])
    end = time.monotonic() + 10
    while states()[killed] == "ready":
        assert time.monotonic() < end
    progress = quiet()
    lifecycle.up(SITE, progress)
    assert all_ready()
    assert f"started {removed} " in said(progress)
    assert twin.pings(removed, str(PLAN.pacs[0].address)), "routes are there again"


def test_a_killed_firewall_keeps_its_configuration(twin: Twin) -> None:
    twin.output("firewall", "touch", "/etc/configured-by-the-job")
    os.kill(podman.process_id(container_name(SITE, "firewall")), signal.SIGKILL)
    lifecycle.up(SITE, quiet())
    assert all_ready()
    twin.output("firewall", "test", "-e", "/etc/configured-by-the-job")


def test_up_after_an_interrupted_create_goes_on(twin: Twin) -> None:
    name = container_name(SITE, "viewer")
    digest = next(one.spec for one in podman.containers(SITE) if one.host == "viewer")
    image = run(["podman", "inspect", "--format", "{{.ImageName}}", name]).strip()
    podman.remove_containers([name])
    podman.create_container(name, SITE, "viewer", digest, [image, "sleep", "infinity"])  # no network, no files yet
    lifecycle.up(SITE, quiet())
    assert all_ready()
    assert twin.pings("viewer", str(PLAN.data_centre.portal_public))


def test_an_up_killed_half_way_is_finished_by_the_next() -> None:
    podman.remove_containers([one.name for one in podman.containers(SITE)])
    child = multiprocessing.get_context("spawn").Process(target=_up_in_child)
    child.start()
    end = time.monotonic() + 30
    while len(podman.containers(SITE)) < 3:
        assert time.monotonic() < end
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    started = time.monotonic()
    lifecycle.up(SITE, quiet())
    assert time.monotonic() - started < UP_LIMIT_S
    assert all_ready()


def _up_in_child() -> None:
    lifecycle.up(SITE, quiet())


def test_two_runs_at_once_do_not_mix() -> None:
    with lifecycle.machine_lock(), pytest.raises(TwinError) as refused:
        lifecycle.up(SITE, quiet())
    facts = ("GW701", "twin.lock", f"process {os.getpid()}", "Wait until that run has ended.")
    assert refused.value.facts == facts


def test_a_lost_isolation_is_put_back() -> None:
    lifecycle.isolation.remove_isolation(SITE)
    assert not is_isolated(SITE)
    lifecycle.up(SITE, quiet())
    assert is_isolated(SITE)


def test_ap_1_a_vm_boots_as_container_and_goes_when_its_host_was_lost(twin: Twin) -> None:
    _power_on("vm2")
    _wait_for_ssh("vm2")
    guest = next(one for one in podman.containers(SITE) if one.host == "vm2")
    via = json.loads(run(["podman", "exec", guest.name, "ip", "-j", "route", "show", "default"]))
    assert [(one["gateway"], one["dev"]) for one in via] == [(str(PLAN.vm("vm2").default_gateway), NIC)]
    assert twin.pings("esxi", str(PLAN.vm("vm2").address))
    simulator = Simulator(SITE).process_id()
    assert simulator is not None
    lifecycle.up(SITE, quiet())
    assert guest in podman.containers(SITE), "a running VM is left alone"
    os.kill(simulator, signal.SIGKILL)
    progress = quiet()
    lifecycle.up(SITE, progress)
    assert f"removed {guest.name}" in said(progress)
    assert not [one for one in podman.containers(SITE) if one.host == "vm2"]


def _power_on(name: str) -> None:
    plan, folder = PLAN, site_folder(SITE)
    vault, pki = Vault(folder, keys_folder(SITE)), Pki(keys_folder(SITE))
    facts = yaml.safe_load((folder / "hosts.yaml").read_text())["all"]["hosts"]["esxi"]
    context = ssl.create_default_context(cafile=str(pki.ca_file))
    session = SmartConnect(
        host=str(plan.esxi.address),
        user=plan.esxi.administrator,
        pwd=vault.secrets()[plan.esxi.administrator_password],
        sslContext=context,
    )
    datacenter = session.content.rootFolder.childEntity[0]
    compute = datacenter.hostFolder.childEntity[0]
    planned, key = plan.vm(name), plan.vm(name).ssh_host_key
    assert key is not None
    info = render(planned, FirstBoot((vault.ssh_key("operator").public,), vault.secrets()[key]))
    extra = {**facts["esxi_vm_extra_config"][name], **info.public_options(), **info.secret_options()}
    network = vim.vm.device.VirtualEthernetCard.NetworkBackingInfo(deviceName="VM Network")
    nic = vim.vm.device.VirtualVmxnet3(key=-1, backing=network, addressType="manual", macAddress=planned.mac)
    spec = vim.vm.ConfigSpec(
        name=f"story-{name}",
        guestId=planned.guest_id,
        memoryMB=512,
        numCPUs=1,
        files=vim.vm.FileInfo(vmPathName=f"[{plan.esxi.datastore}]"),
        deviceChange=[vim.vm.device.VirtualDeviceSpec(operation="add", device=nic)],
        extraConfig=[vim.option.OptionValue(key=option, value=value) for option, value in extra.items()],
    )
    vm = _result(datacenter.vmFolder.CreateVM_Task(spec, compute.resourcePool, compute.host[0]))
    _result(vm.PowerOnVM_Task())
    Disconnect(session)


def _result(task: vim.Task) -> vim.VirtualMachine:
    while task.info.state in ("queued", "running"):
        time.sleep(0.05)
    assert task.info.state == "success", task.info.error
    return task.info.result


def _wait_for_ssh(host: str) -> None:
    name = next(one.name for one in podman.containers(SITE) if one.host == host)
    end = time.monotonic() + 30
    while not succeeds(["podman", "exec", name, "systemctl", "is-active", "--quiet", "multi-user.target"]):
        assert time.monotonic() < end, "the VM does not boot"
        time.sleep(0.2)


# ------------------------------------------------------------ another twin
@pytest.fixture
def neighbour(tmp_path: Path) -> Iterator[Path]:
    """Inventories in which the same hospital is called `story-neighbour`."""
    shutil.copytree(ROOT / "inventories" / SITE, tmp_path / "story-neighbour")
    shutil.copyfile(ROOT / "inventories" / "data_centre.yml", tmp_path / "data_centre.yml")
    yield tmp_path
    lifecycle.down("story-neighbour", quiet(), keep_images=True)
    for folder in (site_folder("story-neighbour"), keys_folder("story-neighbour")):
        shutil.rmtree(folder, ignore_errors=True)


def test_a_second_twin_with_the_same_addresses_is_refused_and_can_take_over(
    neighbour: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TwinError) as refused:
        lifecycle.up("story-neighbour", quiet(), inventories=neighbour)
    assert refused.value.facts[:3] == ("GW701", "twin.story-neighbour", SITE)
    assert all_ready(), "the refused run changed nothing"
    try:
        lifecycle.up("story-neighbour", quiet(), replace=True, inventories=neighbour)
        assert podman.containers(SITE) == ()
        assert Simulator(SITE).process_id() is None
        monkeypatch.setattr(lifecycle, "REPOSITORY", "localhost/gatekit-story")  # the images stay for the other checks
        assert main(["demo", "--down"]) == 0
        assert podman.containers() == (), "whichever site's twin stands goes"
        assert [one for one in podman.networks() if one.site] == []
        assert not is_isolated("story-neighbour")
    finally:
        lifecycle.up(SITE, quiet(), replace=True)
    assert all_ready()
    assert podman.containers("story-neighbour") == ()


def test_an_address_of_this_machine_is_refused_by_name() -> None:
    lifecycle.down(SITE, quiet(), keep_images=True)
    run(["ip", "link", "add", "gkstory0", "type", "veth", "peer", "name", "gkstory1"])
    try:
        run(["ip", "address", "add", "192.168.30.77/24", "dev", "gkstory0"])
        run(["ip", "link", "set", "gkstory0", "up"])
        run(["ip", "link", "set", "gkstory1", "up"])
        with pytest.raises(TwinError) as refused:
            lifecycle.up(SITE, quiet())
        facts = ("GW702", "twin.pattern4.pacs 192.168.30.0/24", "192.168.30.0/24 (interface gkstory0)")
        assert refused.value.facts[:3] == facts
        assert podman.containers(SITE) == ()
    finally:
        run(["ip", "link", "del", "gkstory0"])
        lifecycle.up(SITE, quiet())


# ------------------------------------------------------------ down
def test_down_leaves_nothing_and_up_comes_back_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    image = next(iter(podman.image_tags(f"{lifecycle.REPOSITORY}/terminal")))
    run(["podman", "tag", image, "localhost/gatekit-story/terminal:1"])
    monkeypatch.setattr(lifecycle, "REPOSITORY", "localhost/gatekit-story")  # the images stay for the other checks
    bridges = {one.interface for one in podman.networks() if one.site == SITE}
    simulator = Simulator(SITE).process_id()
    lifecycle.down(SITE, quiet())
    assert podman.containers(SITE) == ()
    assert [one for one in podman.networks() if one.site == SITE] == []
    assert podman.image_tags("localhost/gatekit-story/") == ()
    assert not is_isolated(SITE)
    assert not bridges & {path.name for path in Path("/sys/class/net").iterdir()}
    assert simulator is not None
    assert not succeeds(["kill", "-0", str(simulator)])
    assert not Path(f"/run/gatekit/{SITE}").exists()
    assert Vault(site_folder(SITE), keys_folder(SITE)).secrets(), "build/ stays"
    started = time.monotonic()
    lifecycle.up(SITE, quiet())
    assert time.monotonic() - started < UP_LIMIT_S
    assert all_ready()


def test_facts_and_secrets_are_the_same_after_down_and_up() -> None:
    folder = site_folder(SITE)
    vault, pki = Vault(folder, keys_folder(SITE)), Pki(keys_folder(SITE))
    wanted = lifecycle.up(SITE, quiet())
    text = hosts_yaml(topology(SITE, PLAN), PLAN, vault, pki, wanted.images[lifecycle.Image.GUEST])
    assert (folder / "hosts.yaml").read_text() == text
