"""Who may do what on the host, as observed."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EVERY_ROLE_HAS", "Access", "AccountSetting", "Grant", "RoleSetting"]

EVERY_ROLE_HAS = frozenset({"System.Anonymous", "System.View", "System.Read"})


@dataclass(frozen=True, slots=True)
class RoleSetting:
    """A role and its privileges (sorted), without those every role has."""

    name: str
    privileges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountSetting:
    """A local account. ``password_accepted``: the host takes the vault's password for it.

    ``new_password``: it is to be set; an unchanged one may not be sent, the host's history would refuse it.
    """

    name: str
    description: str
    password_accepted: bool
    new_password: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """A role given to one account on the whole host."""

    account: str
    role: str
    propagate: bool


@dataclass(frozen=True, slots=True)
class Access:
    """Roles, local accounts with their descriptions, and what was given on the root folder."""

    roles: tuple[RoleSetting, ...]
    accounts: tuple[tuple[str, str], ...]  # name, description
    grants: tuple[Grant, ...]
