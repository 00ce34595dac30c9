"""sftp: no password leaves without a confirmed host key, names of files are counted only, failures are told apart.

OpenSSH's programs are stood for by scripts that write down how they were called.
"""

from __future__ import annotations

import pytest

from gatekit.portable.connection.sftp import fingerprint

pytestmark = pytest.mark.peer

KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIHvW4ZQ0b1Yp0v3Q8mF1Ck5f0l7t1J0c2m3n4p5q6r7s"
PIN = fingerprint(KEY)
SCAN = f"echo '# banner' >&2; echo '[127.0.0.1]:2222 ssh-ed25519 {KEY}'"
LISTS = 'cat > $0.batch; printf \'%s\' "$GATEKIT_SFTP_PASSWORD" > $0.password; cat "$SSH_ASKPASS" > $0.askpass; '
TCP = ("tcp", "accepted", {})
BANNER = ("ssh_banner", "answered", {"banner": "SSH-2.0-OpenSSH_9.9"})
ACCOUNT = {"account": "gwtest", "password": "s3cr3t", "path": "/out"}


@pytest.fixture
def sshd(peer) -> int:
    return peer(lambda stream: stream.sendall(b"SSH-2.0-OpenSSH_9.9\r\n") or stream.recv(64))


def test_op_7_without_an_account_banner_and_host_key_are_shown(sshd, steps, programs) -> None:
    programs.add("ssh-keyscan", SCAN)
    assert steps("sftp", sshd) == [
        TCP,
        BANNER,
        ("ssh_host_key", "answered", {"ssh-ed25519": PIN}),
        ("sftp_listing", "not_run", {"reason": "no_account"}),
    ]


def test_op_7_no_password_is_sent_to_a_host_key_nobody_confirmed(sshd, steps, programs) -> None:
    programs.add("ssh-keyscan", SCAN)
    programs.add("sftp", "exit 99")
    seen = steps("sftp", sshd, **ACCOUNT)
    assert seen[-1] == ("sftp_listing", "not_run", {"reason": "host_key_not_confirmed"})
    assert [call.split()[0] for call in programs.calls] == ["ssh-keyscan"]


def test_op_7_no_password_is_sent_to_another_host_key_than_the_confirmed_one(sshd, steps, programs) -> None:
    programs.add("ssh-keyscan", SCAN)
    programs.add("sftp", "exit 99")
    other = "SHA256:" + "A" * 43
    seen = steps("sftp", sshd, host_key=other, **ACCOUNT)
    assert seen[-1] == ("ssh_host_key", "other_host_key", {"ssh-ed25519": PIN})
    assert [call.split()[0] for call in programs.calls] == ["ssh-keyscan"]


def test_op_7_entries_are_counted_and_the_password_is_on_no_command_line(sshd, steps, programs) -> None:
    programs.add("ssh-keyscan", SCAN)
    programs.add("sftp", LISTS + "echo 'sftp> ls -1'; echo /out/yamada_taro.csv; echo /out/b.csv")
    seen = steps("sftp", sshd, host_key=PIN, **ACCOUNT)
    assert seen[2:] == [
        ("ssh_host_key", "answered", {"ssh-ed25519": PIN, "confirmed": PIN}),
        ("sftp_listing", "answered", {"entries": "2"}),
    ]
    _scan, call = programs.calls
    assert "s3cr3t" not in call
    assert all(f"-o {option}" in call for option in ("StrictHostKeyChecking=yes", "GlobalKnownHostsFile=none"))
    assert (programs.folder / "sftp.password").read_text() == "s3cr3t"
    assert "s3cr3t" not in (programs.folder / "sftp.askpass").read_text()
    assert (programs.folder / "sftp.batch").read_text() == 'ls -1 "/out"\n'


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        pytest.param("echo 'Permission denied (password).' >&2; exit 255", "login_refused", id="password"),
        pytest.param("echo 'no matching key exchange' >&2; exit 255", "ssh_failed", id="algorithms"),
        pytest.param("echo 'not found' >&2; exit 1", "no_such_folder", id="folder"),
    ],
)
def test_op_7_refusals_are_told_apart(sshd, steps, programs, script, outcome) -> None:
    programs.add("ssh-keyscan", SCAN)
    programs.add("sftp", script)
    assert steps("sftp", sshd, host_key=PIN, **ACCOUNT)[-1] == ("sftp_listing", outcome, {})


def test_op_7_a_server_of_another_protocol_is_garbled(peer, steps) -> None:
    port = peer(lambda stream: stream.sendall(b"220 ftp ready\r\n"))
    assert steps("sftp", port) == [TCP, ("ssh_banner", "garbled", {})]


def test_op_7_a_server_without_a_known_key_is_told(sshd, steps, programs) -> None:
    programs.add("ssh-keyscan", "exit 0")
    reason = {"reason": "no host key of a known kind"}
    assert steps("sftp", sshd)[-1] == ("ssh_host_key", "garbled", reason)


def test_op_7_a_hanging_program_ends_with_the_systems_time(sshd, steps, programs) -> None:
    programs.add("ssh-keyscan", "exec sleep 30")
    assert steps("sftp", sshd, timeout_s=0.5)[-1] == ("ssh_host_key", "no_answer", {})
