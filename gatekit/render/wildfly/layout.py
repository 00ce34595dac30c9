"""Where WildFly's parts stand on VM1, and the limits we run it with: stated once, for files, wish and role."""

from __future__ import annotations

VERSIONS = "/opt"
LINK = f"{VERSIONS}/wildfly"
"""Points to the version in use; versions stand beside it as /opt/wildfly-VERSION, read-only for the server."""
STATE = "/var/lib/wildfly"
BASE_FOLDER = f"{STATE}/server"
"""jboss.server.base.dir: configuration, contents of applications, transaction log. No version's folder holds any."""
MODULES = f"{STATE}/modules"
"""Modules beside the version's own: JDBC driver, and what an application brings."""
INCOMING = f"{STATE}/incoming"
"""Archives of applications on their way into the server."""
LOGS = "/var/log/wildfly"
SETTINGS = "/etc/wildfly"
CONFIGURATION = "gatekit.xml"
UNIT = "wildfly.service"
UNIT_FILE = f"/etc/systemd/system/{UNIT}"
KEYSTORE = f"{SETTINGS}/https.p12"
ENVIRONMENT = f"{SETTINGS}/environment"
MANAGEMENT_PASSWORD_FILE = f"{SETTINGS}/management_password"
START_PROOF = "/usr/local/lib/gatekit/wildfly_start"
MANAGEMENT_USER = "gatekit"
MANAGEMENT_REALM = "ManagementRealm"
REALM_FILE = f"{BASE_FOLDER}/configuration/mgmt-users.properties"
CREDENTIAL_STORE = "gatekit"
DRIVER = "postgresql"
DRIVER_MODULE = "org.postgresql"
DRIVER_DESCRIPTOR = f"{MODULES}/{DRIVER_MODULE.replace('.', '/')}/main/module.xml"
DRIVER_ARCHIVE = "/usr/share/java/postgresql.jar"  # Debian's libpostgresql-jdbc-java

START_TIMEOUT_S = 300  # an archive's 20 s boot on a busy host, many times over
REQUEST_BODY_LIMIT = 64 * 2**20  # bytes; Apache in front lets no larger one through
LOG_FILE_SIZE = "20m"
LOG_FILES_KEPT = 10
LOGS_KEPT_DAYS = 30
GC_LOG_SIZE = "10M"
GC_LOGS_KEPT = 5
