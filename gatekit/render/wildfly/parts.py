"""What a role wants of the server: the types a part is made of, and the parts of others put to ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field

from gatekit.model import Frozen
from gatekit.plan.vm1.model import DatabasePlan, Deployment
from gatekit.render.wildfly.layout import CREDENTIAL_STORE, DRIVER, INCOMING

__all__ = ["Application", "Resource", "ServerPart", "absent", "application", "data_source", "present"]


class Resource(Frozen):
    """One resource of the management model; see library/wildfly_server.py."""

    address: str
    state: Literal["present", "absent"] = "present"
    attributes: dict[str, Any] = Field(default_factory=dict)


class Application(Frozen):
    """One application; ``file`` is where its archive is put on the node when it has to be deployed."""

    name: str
    sha256: str
    file: str


class ServerPart(Frozen):
    """What one owner wants; owners do not touch each other's parts."""

    owner: str
    resources: tuple[Resource, ...] = ()
    deployments: tuple[Application, ...] = ()


def present(address: str, **attributes: Any) -> Resource:
    """Return a resource with exactly these attributes kept; ``-`` in their names is written ``_``."""
    return Resource(address=address, attributes={name.replace("_", "-"): value for name, value in attributes.items()})


def absent(*addresses: str) -> tuple[Resource, ...]:
    """Return resources that must not be there, in the order they can be removed."""
    return tuple(Resource(address=address, state="absent") for address in addresses)


def application(deployment: Deployment) -> Application:
    """Return the application of the plan."""
    return Application(
        name=deployment.name, sha256=deployment.artefact.sha256, file=f"{INCOMING}/{deployment.artefact.sha256}"
    )


def data_source(name: str, jndi_name: str, database: DatabasePlan, *, connections: int) -> Resource:
    """Return a PostgreSQL data source that notices a database that went away and came back.

    Without validation every connection of the pool fails after a restart of PostgreSQL (archive reference, [ran]).
    ``connections`` is the most the pool opens.
    """
    extension = "org.jboss.jca.adapters.jdbc.extensions.postgres.PostgreSQL"
    return present(
        f"/subsystem=datasources/data-source={name}",
        jndi_name=jndi_name,
        driver_name=DRIVER,
        connection_url=f"jdbc:postgresql://127.0.0.1:{database.port}/{database.name}",
        user_name=database.owner,
        credential_reference={"store": CREDENTIAL_STORE, "alias": f"<secret {database.password}>"},
        min_pool_size=0,
        max_pool_size=connections,
        blocking_timeout_wait_millis=10_000,
        idle_timeout_minutes=15,
        validate_on_match=True,
        background_validation=False,
        valid_connection_checker_class_name=f"{extension}ValidConnectionChecker",
        exception_sorter_class_name=f"{extension}ExceptionSorter",
        use_ccm=True,
    )


def merged(own: ServerPart, additional: Iterable[ServerPart]) -> ServerPart:
    """Return one part of several, under the first one's name, for a role that brings no owner of its own."""
    parts = (own, *additional)
    return ServerPart(
        owner=own.owner,
        resources=tuple(resource for part in parts for resource in part.resources),
        deployments=tuple(row for part in parts for row in part.deployments),
    )
