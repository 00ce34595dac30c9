"""Make the scenario's artefacts: two applications with the same bytes at every call, a certificate, their sha256.

The application answers with its number, asks the data source, and fails on purpose.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

WEB_XML = """<?xml version="1.0" encoding="UTF-8"?>
<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0"/>
"""
DATABASE = """<%@ page contentType="text/plain" import="javax.naming.*,javax.sql.*,java.sql.*" %><%
try (Connection c = ((DataSource) new InitialContext().lookup("java:/TestDS")).getConnection();
     ResultSet r = c.createStatement().executeQuery("select name from kept")) { r.next(); out.print(r.getString(1)); }
%>"""
FAILS = """<% if (true) throw new IllegalStateException("on purpose"); %>"""


def write_application(path: Path, number: int) -> None:
    """Write one WAR; fixed times, so that the same number is the same sha256."""
    members = {
        "WEB-INF/web.xml": WEB_XML,
        "index.html": f"probe {number}\n",
        "database.jsp": DATABASE,
        "fails.jsp": FAILS,
    }
    with zipfile.ZipFile(path, "w") as war:
        for name, text in members.items():
            war.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)


def main(folder: Path) -> None:
    """Write everything into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in (1, 2):
        write_application(folder / f"probe-{number}.war", number)
    (folder / "not-wildfly.zip").write_bytes(b"not WildFly")
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("probe-*.war")}
    (folder / "sums.json").write_text(json.dumps(sums))
    for name in ("tls", "other"):
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        words += ["-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost"]
        words += ["-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")]
        subprocess.run(words, check=True, capture_output=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
