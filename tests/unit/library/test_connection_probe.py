"""The module whole: it asks when it may, and nobody in check mode."""

from __future__ import annotations

import socket
import threading

from tests.contract.module_runs import run


def test_op_7_the_module_asks_and_changes_nothing_and_check_mode_asks_nobody() -> None:
    accepted: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            stream, peer = listener.accept()
            accepted.append(peer)
            stream.close()

        thread = threading.Thread(target=accept)
        thread.start()
        port = listener.getsockname()[1]
        arguments = {
            "systems": [{"name": "orders", "protocol": "own_listener", "address": "127.0.0.1", "port": port}],
            "timeout_s": 5,
        }
        predicted = run("connection_probe", arguments, check=True)
        assert (predicted["changed"], predicted["answers"], accepted) == (False, {}, [])
        done = run("connection_probe", arguments)
        thread.join(5)
    assert done["changed"] is False
    assert [(row["name"], row["outcome"]) for row in done["answers"]["orders"]] == [
        ("own_listener", "accepted"),
        ("called_by_vendor", "not_run"),
    ]
    assert len(accepted) == 1
