"""A server that keeps a model as WildFly does: digest authentication, composite operations wholly or not at all."""

from __future__ import annotations

import base64
import copy
import hashlib
import http.server
import json
import re
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Any

USER, PASSWORD, NONCE = "gatekit", "right-password", "0123456789"
STORE = [{"subsystem": "elytron"}, {"credential-store": "gatekit"}]


class FakeServer:
    """The state; ``reload_after`` are names of operations that leave the server asking for a reload."""

    def __init__(self) -> None:
        self.model: dict[str, Any] = {
            "system-property": None,
            "deployment": None,
            "subsystem": {"elytron": {"credential-store": None}, "io": {"worker": {"default": {"task-threads": 4}}}},
        }
        self.state = "running"
        self.aliases: dict[str, str] = {}
        self.reload_after: set[str] = set()
        self.refuses: str = ""
        self.operations: list[dict[str, Any]] = []
        self.reloads = 0
        self.port = 0
        self.lost_answers = 0

    # ------------------------------------------------------------ operations
    def answer(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.operations.append(asked)
        before = copy.deepcopy(self.model)
        try:
            return 200, {"outcome": "success", "result": self.do(asked)}
        except (KeyError, ValueError, TypeError) as err:
            self.model = before
            return 500, {"outcome": "failed", "failure-description": f"WFLY: {err}", "rolled-back": True}

    def do(self, asked: dict[str, Any]) -> Any:
        name = asked["operation"]
        if name == self.refuses:
            raise ValueError(f"{name} is refused, it said {asked.get('secret-value', '')}")
        if name in self.reload_after:
            self.state = "reload-required"
        return getattr(self, "_" + name.replace("-", "_"))(asked)

    def node(self, asked: dict[str, Any]) -> dict[str, Any]:
        node = self.model
        for step in asked["address"]:
            ((kind, name),) = step.items()
            node = (node[kind] or {})[name]
        return node

    def children(self, asked: dict[str, Any]) -> tuple[dict[str, Any], str]:
        *parents, last = asked["address"]
        ((kind, name),) = last.items()
        parent = self.node({"address": parents})
        if parent.get(kind) is None:
            parent[kind] = {}
        return parent[kind], name

    def _composite(self, asked: dict[str, Any]) -> Any:
        return {f"step-{n}": {"outcome": "success", "result": self.do(s)} for n, s in enumerate(asked["steps"], 1)}

    def _read_attribute(self, asked: dict[str, Any]) -> Any:
        return self.state if asked["name"] == "server-state" else self.node(asked)[asked["name"]]

    def _read_resource(self, asked: dict[str, Any]) -> Any:
        return self.node(asked)

    def _read_children_resources(self, asked: dict[str, Any]) -> Any:
        return self.model[asked["child-type"]] or {}

    def _read_aliases(self, asked: dict[str, Any]) -> Any:
        self.node(asked)
        return sorted(self.aliases)

    def _add_alias(self, asked: dict[str, Any]) -> None:
        if asked["alias"] in self.aliases:
            raise ValueError("WFLYELY00913: already exists")
        self.aliases[asked["alias"]] = asked["secret-value"]  # outlives an operation undone, as the real file does

    def _remove_alias(self, asked: dict[str, Any]) -> None:
        del self.aliases[asked["alias"]]

    def _add(self, asked: dict[str, Any]) -> None:
        siblings, name = self.children(asked)
        if name in siblings:
            raise ValueError(f"duplicate {name}")
        given = {key: value for key, value in asked.items() if key not in ("operation", "address")}
        siblings[name] = self.deployed(given) if "content" in given else given

    def deployed(self, given: dict[str, Any]) -> dict[str, Any]:
        archive = Path(given["content"][0]["url"].removeprefix("file:"))
        digest = hashlib.sha1(archive.read_bytes(), usedforsecurity=False).digest()
        packed = base64.b64encode(digest).decode()
        return {"content": [{"hash": {"BYTES_VALUE": packed}}], "enabled": True, "status": "OK"}

    def _full_replace_deployment(self, asked: dict[str, Any]) -> None:
        self.model["deployment"][asked["name"]] = self.deployed(asked)

    def _undeploy(self, asked: dict[str, Any]) -> None:
        self.node(asked).update(enabled=False, status="STOPPED")

    def _deploy(self, asked: dict[str, Any]) -> None:
        self.node(asked).update(enabled=True, status="OK")

    _redeploy = _deploy

    def _remove(self, asked: dict[str, Any]) -> None:
        siblings, name = self.children(asked)
        del siblings[name]

    def _write_attribute(self, asked: dict[str, Any]) -> None:
        value = asked["value"]
        expression = isinstance(value, str) and "${" in value
        self.node(asked)[asked["name"]] = {"EXPRESSION_VALUE": value} if expression else value

    def _undefine_attribute(self, asked: dict[str, Any]) -> None:
        self.node(asked)[asked["name"]] = None

    def _reload(self, _asked: dict[str, Any]) -> None:
        self.reloads += 1
        self.state, self.lost_answers = "running", 2


def authorized(header: str) -> bool:
    fields = dict(re.findall(r'(\w+)="?([^",]*)"?', header))
    if fields.get("nonce") != NONCE:
        return False

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    who, what = md5(f"{USER}:ManagementRealm:{PASSWORD}"), md5("POST:/management")
    return fields["response"] == md5(f"{who}:{NONCE}:{fields['nc']}:{fields['cnonce']}:auth:{what}")


@contextmanager
def serving(server: FakeServer):
    """Serve the state on loopback."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if server.lost_answers:
                server.lost_answers -= 1
                self.close_connection = True
                return
            if not authorized(self.headers.get("Authorization", "")):
                self.send_response(401)
                challenge = f'Digest realm="ManagementRealm",nonce="{NONCE}",opaque="x",algorithm=MD5,qop="auth"'
                self.send_header("WWW-Authenticate", challenge)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            status, said = server.answer(json.loads(body))
            text = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.port = listener.server_address[1]
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
