"""hier_config's driver for IOS with the rules of our sections: what replaces what, and how it is taken away."""

from __future__ import annotations

from hier_config.models import IdempotentCommandsRule, MatchRule, NegationSubRule
from hier_config.platforms.cisco_ios.driver import HConfigDriverCiscoIOS
from hier_config.platforms.driver_base import HConfigDriverRules

# Typing such a line again replaces the old one. A group in brackets is the part that must be the same.
_REPLACED = (
    (r"^(hostname) ",),
    (r"^(username \S+) ",),
    (r"^(?:no )?(ip domain lookup)$",),
    (r"^(?:no )?(ip http (?:secure-)?server)$",),
    (r"^(ip ssh version) ",),
    (r"^(crypto ipsec transform-set \S+) ",),
    (r"^(archive)$", r"^(path|maximum) "),
    (r"^(crypto ikev2 proposal \S+)", r"^(encryption|integrity|prf|group) "),
    (r"^(crypto ikev2 keyring \S+)", r"^(peer \S+)", r"^(address|pre-shared-key local|pre-shared-key remote) "),
    (r"^(crypto ikev2 profile \S+)", r"^(identity local|authentication \S+|keyring|lifetime|dpd) "),
    (r"^(crypto ipsec profile \S+)", r"^(set security-association lifetime seconds|set \S+) "),
    (r"^(interface \S+)", r"^(description|ip address|ip unnumbered|ip mtu|ip tcp adjust-mss) "),
    (r"^(interface \S+)", r"^(ip access-group) \S+ (in|out)$"),
    (r"^(interface \S+)", r"^(ipv6 traffic-filter) \S+ (in|out)$"),
    (r"^(interface \S+)", r"^(ip nat) "),
    (r"^(interface \S+)", r"^(ipv6 dhcp client pd|tunnel source|tunnel mode|tunnel destination) "),
    (r"^(interface \S+)", r"^ipv6 address \S+ (link-local)$"),
    (r"^(interface \S+)", r"^(tunnel protection ipsec (?:profile|policy ipv4)) "),
    (r"^(line vty \S+ \S+)", r"^(access-class|ipv6 access-class) \S+ in$"),
    (r"^(line vty \S+ \S+)", r"^(transport input|login)"),
)
# ``no`` takes the name alone
_TAKEN_AWAY = (
    (r"^(no username \S+) .*$", "username"),
    (r"^(no crypto ipsec transform-set \S+) .*$", "crypto ipsec transform-set"),
)


class Driver(HConfigDriverCiscoIOS):
    """The driver for the sections that ``owned`` gives, without lists."""

    @staticmethod
    def _instantiate_rules() -> HConfigDriverRules:
        rules = HConfigDriverCiscoIOS._instantiate_rules()  # noqa: SLF001 - the base's own hook, made to be extended
        rules.idempotent_commands.extend(
            IdempotentCommandsRule(match_rules=tuple(MatchRule(re_search=form) for form in lineage))
            for lineage in _REPLACED
        )
        rules.negation_sub.extend(
            NegationSubRule(match_rules=(MatchRule(startswith=start),), search=form, replace=r"\1")
            for form, start in _TAKEN_AWAY
        )
        return rules
