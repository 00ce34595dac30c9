"""The files each host is born with, from topology, plan and secrets. Pure: same input, same bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from gatekit.plan.boundary import HospitalFirewallPlan
from gatekit.plan.model import Plan
from gatekit.render.linux.tunnel import swanctl_conf
from twin import host_texts
from twin.dicom_files import dicom_files
from twin.naming import interface_name
from twin.podman import HostFile
from twin.surroundings import Surroundings
from twin.topology import LINE, Host, Kind, Listener, Topology

CA_FILE = "/etc/browser/ca.pem"
"""What a browser trusts, on the HIS terminal and at the viewing facility."""
PORTAL_CA_FILE = "/etc/portal/ca.pem"
"""What the portal trusts: viewing facilities' certificates, and VM1's."""
VIEWER_CERTIFICATE = "/etc/browser/viewer.pem"
VIEWER_KEY = "/etc/browser/viewer_key.pem"

_SECRET_MODE = 0o600
_LISTENERS = {"hl7_mllp": "hl7_listener.py"}


@dataclass(frozen=True, slots=True)
class Site:
    """Everything a host may be made from. ``secrets`` and keys never leave the container and build/."""

    topology: Topology
    plan: Plan
    today: date
    operator_public_key: str
    host_keys: dict[str, str] = field(repr=False)  # private, of firewall and l3_switch
    psk: str = field(repr=False)
    ca: str = ""
    portal_certificate: str = ""
    portal_key: str = field(default="", repr=False)
    viewer_certificate: str = ""
    viewer_key: str = field(default="", repr=False)
    around: Surroundings = field(default_factory=Surroundings)


def files_of(host: Host, site: Site) -> tuple[HostFile, ...]:
    """Return the files of one host, its routes first."""
    own = _OWN.get(host.kind)
    return (*_routes(host, site), *(own(host, site) if own else ()))


def command_of(host: Host) -> tuple[str, ...]:
    """Return what runs as the host: systemd, its listeners, or nothing but its presence."""
    if host.boots:
        return ("/sbin/init",)
    if not host.listeners:
        return ("sleep", "infinity")
    programs = [_listener_command(one) for one in host.listeners]
    if len(programs) == 1:
        return tuple(programs[0])
    return ("sh", "-c", " & ".join(" ".join(program) for program in programs) + " & wait -n; exit 1")


def _listener_command(listener: Listener) -> list[str]:
    program = _LISTENERS.get(listener.protocol, "http_listener.py")
    return ["python3", f"/usr/local/lib/twin/{program}", str(listener.address), str(listener.port)]


def _routes(host: Host, site: Site) -> tuple[HostFile, ...]:
    lines = host_texts.address_batch(host.legs, site.topology) + host_texts.route_batch(host.routes)
    if host.kind is Kind.NGN and site.plan.cpe is not None and site.plan.cpe.wan.ipv4:
        lines += f"address add {site.around.home_gateway} dev {interface_name(LINE)}\n"
    if not lines:
        return ()
    batch = HostFile("/etc/twin/routes", lines)
    if not host.boots:
        return (batch,)
    return (batch, *_unit("twin-routes.service", host_texts.ROUTES_UNIT))


def _unit(name: str, text: str) -> tuple[HostFile, ...]:
    path = f"/etc/systemd/system/{name}"
    return (
        HostFile(path, text),
        HostFile(f"/etc/systemd/system/multi-user.target.wants/{name}", link=path),
    )


def _internet_router(_host: Host, _site: Site) -> tuple[HostFile, ...]:
    return (HostFile("/etc/twin/filter.nft", host_texts.INTERNET_FILTER),)


def _hospital_firewall(host: Host, site: Site) -> tuple[HostFile, ...]:
    if not isinstance(site.plan.boundary, HospitalFirewallPlan):
        raise ValueError(f"{host.name}: the plan has none")  # noqa: TRY004 - of the plan, not of an argument's type
    return (HostFile("/etc/twin/filter.nft", host_texts.hospital_firewall_filter(site.plan.boundary)),)


def _operator(host: Host, site: Site) -> tuple[HostFile, ...]:
    """Return what staging leaves on a device: the operator's key, and a host key we know beforehand."""
    account = site.plan.vm("vm1").operator
    return (
        HostFile(f"/etc/ssh/authorized_keys/{account}", site.operator_public_key + "\n"),
        HostFile("/etc/ssh/ssh_host_ed25519_key", site.host_keys[host.name], _SECRET_MODE),
    )


def _ngn(host: Host, site: Site) -> tuple[HostFile, ...]:
    """Return what the line hands out: a prefix by RA or by delegation, and a home gateway's IPv4."""
    cpe, around = site.plan.cpe, site.around
    if cpe is None:
        raise ValueError(f"{host.name}: a line without CPE")
    line = interface_name(LINE)
    delegated = around.delegated if cpe.wan.prefix_by == "dhcpv6_pd" else None
    home = around.home_gateway if cpe.wan.ipv4 else None
    files = [
        HostFile("/etc/radvd.conf", host_texts.radvd(line, around.line, delegated=delegated is not None)),
        HostFile("/etc/twin/filter.nft", host_texts.ngn_filter(home)),
        *_unit("twin-filter.service", host_texts.FILTER_UNIT),
        _enabled("radvd.service"),
    ]
    if delegated is not None:
        files += [
            HostFile("/etc/kea/kea-dhcp6.conf", host_texts.kea(line, around.line, delegated)),
            _enabled("kea-dhcp6-server.service"),
        ]
    if home is not None:
        files += [HostFile("/etc/dnsmasq.conf", host_texts.home_gateway(line, home)), _enabled("dnsmasq.service")]
    return tuple(files)


def _enabled(unit: str) -> HostFile:
    return HostFile(f"/etc/systemd/system/multi-user.target.wants/{unit}", link=f"/usr/lib/systemd/system/{unit}")


def _dc_gateway(host: Host, site: Site) -> tuple[HostFile, ...]:
    tunnel = site.plan.tunnel.mirrored()
    conf = swanctl_conf(tunnel, if_id=None).replace(f"<secret {tunnel.psk}>", site.psk)
    unit = "/usr/lib/systemd/system/strongswan.service"
    return (
        HostFile("/etc/twin/filter.nft", host_texts.gateway_filter(tunnel, host.legs[1].interface)),
        HostFile("/etc/swanctl/conf.d/twin.conf", conf, _SECRET_MODE),
        *_unit("twin-filter.service", host_texts.FILTER_UNIT),
        HostFile("/etc/systemd/system/ssh.service", link="/dev/null"),  # nobody logs in here
        HostFile("/etc/systemd/system/strongswan.service.d/twin.conf", host_texts.STRONGSWAN_DROP_IN),
        HostFile("/etc/systemd/system/multi-user.target.wants/strongswan.service", link=unit),
    )


def _dc_services(_host: Host, site: Site) -> tuple[HostFile, ...]:
    plan, centre = site.plan, site.plan.data_centre
    names = {
        centre.portal_name: centre.portal,
        **{f"{vm.host_name}.{vm.domain}": vm.address for vm in plan.vms},
        f"{plan.esxi.name}.{plan.esxi.domain}": plan.esxi.address,
    }
    mirror = urlsplit(plan.package_source.url)
    if mirror.hostname:
        names.setdefault(mirror.hostname, centre.services)
    return (
        HostFile("/etc/dnsmasq.conf", host_texts.dnsmasq(centre.services, plan.domain, names)),
        HostFile("/etc/lighttpd/lighttpd.conf", host_texts.lighttpd(centre.services, mirror.path or "/")),
        HostFile("/srv/empty/index.html", ""),
    )


def _dc_portal(_host: Host, site: Site) -> tuple[HostFile, ...]:
    enabled = "/etc/apache2/sites-enabled/portal.conf"
    return (
        HostFile(PORTAL_CA_FILE, site.ca),
        HostFile("/etc/portal/portal.pem", site.portal_certificate),
        HostFile("/etc/portal/portal_key.pem", site.portal_key, _SECRET_MODE),
        HostFile("/etc/apache2/sites-available/portal.conf", host_texts.portal_vhosts(site.plan.data_centre)),
        HostFile(enabled, link="../sites-available/portal.conf"),
        HostFile("/srv/portal/inside/index.html", "portal inside\n"),
        HostFile("/srv/portal/public/index.html", "portal public\n"),
    )


def _terminal(_host: Host, site: Site) -> tuple[HostFile, ...]:
    return (HostFile(CA_FILE, site.ca),)


def _viewer(_host: Host, site: Site) -> tuple[HostFile, ...]:
    return (
        HostFile(CA_FILE, site.ca),
        HostFile(VIEWER_CERTIFICATE, site.viewer_certificate),
        HostFile(VIEWER_KEY, site.viewer_key, _SECRET_MODE),
    )


def _pacs(host: Host, site: Site) -> tuple[HostFile, ...]:
    if host.pacs is None:
        raise ValueError(f"{host.name}: a PACS without AE title")
    store = next(flow for flow in site.plan.flows if flow.listener == "archive")
    archive = (site.plan.vm1.archive.ae_title, store.destination.ipv4_networks[0].network_address, store.ports[0])
    patient = next(row.test_patient for row in site.plan.vm1.pacs_gateway.sources if row.name == host.pacs.name)
    return (
        HostFile("/etc/orthanc/orthanc.json", host_texts.orthanc(host.pacs, archive)),
        *(HostFile(f"/srv/dicom/{name}", content) for name, content in dicom_files(patient, site.today)),
    )


_OWN: dict[Kind, Callable[[Host, Site], tuple[HostFile, ...]]] = {
    Kind.INTERNET_ROUTER: _internet_router,
    Kind.FIREWALL: _operator,
    Kind.HOSPITAL_FIREWALL: _hospital_firewall,
    Kind.L3_SWITCH: _operator,
    Kind.CPE: _operator,
    Kind.CPE_SPARE: _operator,
    Kind.NGN: _ngn,
    Kind.DC_GATEWAY: _dc_gateway,
    Kind.DC_SERVICES: _dc_services,
    Kind.DC_PORTAL: _dc_portal,
    Kind.PACS: _pacs,
    Kind.HIS_TERMINAL: _terminal,
    Kind.VIEWER: _viewer,
}
