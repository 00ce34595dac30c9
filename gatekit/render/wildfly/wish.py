"""The application server's own part: hardened, on loopback, behind Apache.

Removed is what neither Java EE web applications nor dcm4chee-arc 5.34 use: its EAR needs datasources, ee, ejb3,
infinispan, jaxrs, jca, jpa, naming, elytron, transactions, undertow, weld, webservices and request-controller;
batch-jberet, mail and elytron-oidc-client stay because an application may name them in its descriptor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekit.plan.vm1.model import WildflyPlan
from gatekit.render.wildfly import layout
from gatekit.render.wildfly.parts import Resource, ServerPart, absent, application, merged, present

__all__ = ["OWNER", "server_wish"]

OWNER = "wildfly"
UNUSED = {
    "deployment-scanner": "org.jboss.as.deployment-scanner",  # a writable folder that deploys: a way in
    "jdr": "org.jboss.as.jdr",
    "jsf": "org.jboss.as.jsf",
    "pojo": "org.jboss.as.pojo",
    "sar": "org.jboss.as.sar",
}
_UNDERTOW = "/subsystem=undertow"
_LISTENERS = f"{_UNDERTOW}/server=default-server"
_ELYTRON = "/subsystem=elytron"
_LOGGING = "/subsystem=logging"
# Not the path: a DICOMweb path holds patient ids. %{RESOLVED_PATH} is the application's own path, e.g. /dcm4chee-arc.
ACCESS_LOG = '%h %t "%m %{RESOLVED_PATH}" %s %b %D'
TLS_1_2_SUITES = tuple(
    f"ECDHE-{key}-AES{bits}" for key in ("ECDSA", "RSA") for bits in ("256-GCM-SHA384", "128-GCM-SHA256")
)
TLS_1_3_SUITES = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")
JOURNAL_CATEGORIES = ("org.jboss", "org.wildfly")


def server_wish(plan: WildflyPlan, additional: Iterable[ServerPart] = ()) -> ServerPart:
    """Return everything the role wildfly wants of the server, the parts of others after our own."""
    own = ServerPart(
        owner=OWNER,
        resources=(*_unused(), *_network(), *_security(plan), *_web(), *_logging(), *_database(), *_rest(plan)),
        deployments=tuple(application(row) for row in plan.deployments),
    )
    return merged(own, additional)


def _unused() -> Iterator[Resource]:
    for subsystem, extension in UNUSED.items():
        yield from absent(f"/subsystem={subsystem}", f"/extension={extension}")
    # 39.0.1 cannot remove it in the operation that deploys an application; so it asks for the account, as all else.
    yield present("/subsystem=metrics", security_enabled=True)
    # Remote EJB and JMX calls: nobody makes them, and each would be one more door.
    yield from absent(
        "/subsystem=ejb3/service=remote",
        "/subsystem=remoting/http-connector=http-remoting-connector",
        "/subsystem=jmx/remoting-connector=jmx",
        f"{_LISTENERS}/host=default-host/setting=http-invoker",
        f"{_LISTENERS}/host=default-host/location=\\/",
        f"{_UNDERTOW}/configuration=handler/file=welcome-content",
        "/socket-binding-group=standard-sockets/socket-binding=ajp",
    )


def _network() -> Iterator[Resource]:
    """Ports and addresses come from the unit, since the first start needs them too; here they are held to that."""
    yield present("/interface=management", inet_address="${jboss.bind.address.management:127.0.0.1}")
    yield present("/interface=public", inet_address="${jboss.bind.address:127.0.0.1}")
    group = "/socket-binding-group=standard-sockets"
    yield present(group, port_offset="${jboss.socket.binding.port-offset:0}", default_interface="public")
    for name, setting, default in (("http", "http", 8080), ("https", "https", 8443)):
        yield present(f"{group}/socket-binding={name}", port=f"${{jboss.{setting}.port:{default}}}", interface=None)
    yield present(
        f"{group}/socket-binding=management-http", port="${jboss.management.http.port:9990}", interface="management"
    )
    yield present(
        "/core-service=management/management-interface=http-interface",
        console_enabled=False,
        http_authentication_factory="management-http-authentication",
        socket_binding="management-http",
        secure_socket_binding=None,
    )


def _security(plan: WildflyPlan) -> Iterator[Resource]:
    """The store whose password comes from the unit's environment, and the https listener's key and suites."""
    store = layout.CREDENTIAL_STORE
    yield present(
        f"{_ELYTRON}/credential-store={store}",
        path="gatekit.credentials",
        relative_to="jboss.server.config.dir",
        create=True,
        credential_reference={"clear-text": "${env.WILDFLY_STORE_PASSWORD}"},
    )
    # The delivered names stay: the listener cannot let go of its context in the operation that removes it.
    secret = {"store": store, "alias": f"<secret {plan.keystore_password}>"}
    yield present(
        f"{_ELYTRON}/key-store=applicationKS",
        path=layout.KEYSTORE,
        relative_to=None,
        type="PKCS12",
        required=True,
        credential_reference=secret,
    )
    yield present(
        f"{_ELYTRON}/key-manager=applicationKM",
        key_store="applicationKS",
        generate_self_signed_certificate_host=None,
        credential_reference=secret,
    )
    yield present(
        f"{_ELYTRON}/server-ssl-context=applicationSSC",
        key_manager="applicationKM",
        protocols=["TLSv1.2", "TLSv1.3"],
        cipher_suite_filter=":".join(TLS_1_2_SUITES),
        cipher_suite_names=":".join(TLS_1_3_SUITES),
        use_cipher_suites_order=True,
    )


def _web() -> Iterator[Resource]:
    listener = {
        "max-post-size": layout.REQUEST_BODY_LIMIT,
        "proxy-address-forwarding": True,
        "record-request-start-time": True,  # or %D is always empty
        "max-headers": 100,
        "max-header-size": 65_536,
        "max-parameters": 500,
        "max-cookies": 100,
        "no-request-timeout": 60_000,
        "disallowed-methods": ["TRACE", "CONNECT"],
    }
    yield Resource(address=f"{_LISTENERS}/http-listener=default", attributes={**listener, "socket-binding": "http"})
    yield Resource(
        address=f"{_LISTENERS}/https-listener=https",
        attributes={**listener, "socket-binding": "https", "ssl-context": "applicationSSC"},
    )
    container = f"{_UNDERTOW}/servlet-container=default"
    yield present(container, stack_trace_on_error="none", default_session_timeout=30, directory_listing=False)
    yield present(f"{container}/setting=session-cookie", http_only=True, secure=True)  # Apache speaks TLS only
    yield present(f"{container}/setting=jsp", x_powered_by=False, development=False, display_source_fragment=False)
    yield present(
        f"{_LISTENERS}/host=default-host/setting=access-log",
        pattern=ACCESS_LOG,
        directory=layout.LOGS,
        relative_to=None,
        prefix="access.",
        suffix="log",
        rotate=True,
    )


def _logging() -> Iterator[Resource]:
    """Everything into a file only the service reads; the server's own messages, no application's, to the journal."""
    yield present(_LOGGING, use_deployment_logging_config=False)
    yield present(f"{_LOGGING}/pattern-formatter=JOURNAL", pattern="%-5p [%c] %s%e%n")
    yield present(f"{_LOGGING}/console-handler=CONSOLE", named_formatter="JOURNAL", level="INFO", autoflush=True)
    yield present(
        f"{_LOGGING}/size-rotating-file-handler=SERVER",
        file={"path": "server.log", "relative-to": "jboss.server.log.dir"},
        rotate_size=layout.LOG_FILE_SIZE,
        max_backup_index=layout.LOG_FILES_KEPT,
        rotate_on_boot=False,
        append=True,
        autoflush=True,
        named_formatter="PATTERN",
        level="ALL",
    )
    yield present(f"{_LOGGING}/root-logger=ROOT", handlers=["SERVER"], level="INFO")
    yield from absent(f"{_LOGGING}/periodic-rotating-file-handler=FILE")
    for category in JOURNAL_CATEGORIES:
        yield present(f"{_LOGGING}/logger={category}", handlers=["CONSOLE"], use_parent_handlers=True, level="INFO")
    # Undertow names the whole path, ids and all, when an application fails.
    yield present(
        f"{_LOGGING}/logger=io.undertow.request",
        filter_spec='substituteAll("request to \\\\S+", "request to a path that is not written down")',
        level="ERROR",
    )


def _database() -> Iterator[Resource]:
    yield present("/subsystem=ee/service=default-bindings", datasource=None)
    yield from absent("/subsystem=datasources/data-source=ExampleDS", "/subsystem=datasources/jdbc-driver=h2")
    yield present(
        f"/subsystem=datasources/jdbc-driver={layout.DRIVER}",
        driver_name=layout.DRIVER,
        driver_module_name=layout.DRIVER_MODULE,
    )


def _rest(plan: WildflyPlan) -> Iterator[Resource]:
    node = plan.host_name.split(".")[0][:23]  # the most the transaction log takes
    yield present("/subsystem=transactions", node_identifier=node)
