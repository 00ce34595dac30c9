"""The statements whose meaning we know. What stands in a section of ours and not here is refused with GW427.

Typed from the vendor reference 1.1, not taken from the renderer, so that one shows the other's faults.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from gatekit.devices.junos.text import Words
from gatekit.errors import DeviceError

UNKNOWN = "Find out who wrote it and what for; remove it, or teach gatekit its meaning."

KNOWN = """
system host-name <name>
system root-authentication encrypted-password <secret>
system login user <user> class super-user
system login user <user> authentication encrypted-password <secret>
system services ssh
system services ssh root-login deny
system ntp server <address>
system ntp source-address <address>
system syslog host <address> any notice
system syslog host <address> port <number>
system syslog host <address> transport <protocol>
system syslog host <address> source-address <address>
interfaces st0 unit 0 family inet
interfaces st0 unit 0 family inet mtu <octets>
interfaces <port> unit 0 family inet address <address>
interfaces <port> unit 0 family inet filter output <filter>
interfaces <port> description <text>
interfaces <port> unit 0 description <text>
routing-options static route <network> next-hop <hop>
routing-options static route <network> discard
firewall family inet filter <filter> term <term> from destination-address <network>
firewall family inet filter <filter> term <term> then count <counter>
firewall family inet filter <filter> term <term> then discard
firewall family inet filter <filter> term <term> then accept
security log mode stream
security log source-address <address>
security log transport protocol <protocol>
security log stream <stream> format sd-syslog
security log stream <stream> host <address>
security log stream <stream> host port <number>
security ike proposal <name> authentication-method <method>
security ike proposal <name> dh-group <group>
security ike proposal <name> authentication-algorithm <algorithm>
security ike proposal <name> encryption-algorithm <algorithm>
security ike proposal <name> lifetime-seconds <seconds>
security ike policy <name> proposals <proposal>
security ike policy <name> pre-shared-key ascii-text <secret>
security ike gateway <name> ike-policy <policy>
security ike gateway <name> address <address>
security ike gateway <name> dead-peer-detection always-send
security ike gateway <name> dead-peer-detection interval <seconds>
security ike gateway <name> dead-peer-detection threshold <number>
security ike gateway <name> local-identity hostname <identity>
security ike gateway <name> remote-identity hostname <identity>
security ike gateway <name> external-interface <unit>
security ike gateway <name> version <version>
security ipsec proposal <name> protocol <protocol>
security ipsec proposal <name> authentication-algorithm <algorithm>
security ipsec proposal <name> encryption-algorithm <algorithm>
security ipsec proposal <name> lifetime-seconds <seconds>
security ipsec policy <name> perfect-forward-secrecy keys <group>
security ipsec policy <name> proposals <proposal>
security ipsec vpn <name> bind-interface <unit>
security ipsec vpn <name> ike gateway <gateway>
security ipsec vpn <name> ike ipsec-policy <policy>
security ipsec vpn <name> traffic-selector <selector> local-ip <network>
security ipsec vpn <name> traffic-selector <selector> remote-ip <network>
security ipsec vpn <name> establish-tunnels immediately
security ipsec vpn <name> establish-tunnels responder-only
security flow tcp-mss ipsec-vpn mss <octets>
security address-book global address <name> <network>
applications application <name> protocol <protocol>
applications application <name> destination-port <port>
applications application <name> icmp-type echo-request
security zones security-zone <zone> interfaces <unit>
security zones security-zone <zone> interfaces <unit> host-inbound-traffic system-services <service>
security policies from-zone <zone> to-zone <zone> policy <name> match source-address <address>
security policies from-zone <zone> to-zone <zone> policy <name> match destination-address <address>
security policies from-zone <zone> to-zone <zone> policy <name> match application <application>
security policies from-zone <zone> to-zone <zone> policy <name> then permit
security policies from-zone <zone> to-zone <zone> policy <name> then deny
security policies from-zone <zone> to-zone <zone> policy <name> then log session-close
security policies from-zone <zone> to-zone <zone> policy <name> then log session-init
security policies global policy <name> match from-zone <zone>
security policies global policy <name> match to-zone <zone>
security policies global policy <name> match source-address any
security policies global policy <name> match destination-address any
security policies global policy <name> match application any
security policies global policy <name> then deny
security policies global policy <name> then log session-init
security policies default-policy deny-all
"""


def _signature(words: Iterable[str]) -> tuple[str | None, ...]:
    return tuple(None if word.startswith("<") else word for word in words)


_KNOWN = {_signature(line.split()): line for line in KNOWN.split("\n") if line}
_BY_LENGTH: dict[int, list[tuple[tuple[str | None, ...], str]]] = defaultdict(list)
for _signature_, _line in _KNOWN.items():
    _BY_LENGTH[len(_signature_)].append((_signature_, _line))


class Statements:
    """What a configuration says, by statement: ``said[form]`` is one tuple of values for each line, in order."""

    def __init__(self, device: str, lines: Iterable[Words]) -> None:
        """Read lines with their verb.

        Raises:
            DeviceError: GW427 for a line that is no known statement, or is not in force.
        """
        self.device = device
        self.lines: list[tuple[str, Words]] = []  # (form, values), in the configuration's order
        self._said: dict[str, list[Words]] = defaultdict(list)
        for words in lines:
            form, values = self._match(words)
            self.lines.append((form, values))
            self._said[form].append(values)

    def __getitem__(self, form: str) -> list[Words]:
        """Return the values of every line of that form; a form that is not in the table is a fault of ours."""
        if _signature(form.split()) not in _KNOWN:
            raise KeyError(form)
        return self._said.get(form, [])

    def one(self, form: str) -> Words:
        """Return the values of the only line of that form; GW427 when there is none, or another."""
        found = self[form]
        if len(found) != 1:
            raise self.unclear(form, f"{len(found)} times")
        return found[0]

    def of(self, form: str, name: str) -> tuple[str, ...]:
        """Return the last values of every line of that form about ``name``."""
        return tuple(values[-1] for values in self[form] if values[0] == name)

    def one_of(self, form: str, name: str) -> str:
        """Return the value of the only line of that form about ``name``; GW427 otherwise."""
        found = self.of(form, name)
        if len(found) != 1:
            raise self.unclear(form, f"{len(found)} times for {name}")
        return found[0]

    def unclear(self, where: str, found: object) -> DeviceError:
        """Return the error that says what cannot be understood."""
        return DeviceError("GW427", f"{self.device}.{where}", found, UNKNOWN)

    def _match(self, words: Words) -> tuple[str, Words]:
        said = words[1:]
        if words[:1] == ("set",):
            for signature, form in _BY_LENGTH[len(said)]:
                if all(known in {None, word} for known, word in zip(signature, said, strict=True)):
                    values = (word for known, word in zip(signature, said, strict=True) if known is None)
                    return form, tuple(values)
        raise self.unclear("configuration", " ".join(words))
