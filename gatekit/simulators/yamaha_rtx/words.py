"""Every text of an RTX that no capture and no manual page of ours verifies, and the two languages of the rest.

A capture of a real router replaces what stands here, and nothing else has to change. Verified elsewhere: the error
texts in both languages (vendor reference 0.6), ``Password: ``, the prompt's signs, ``Save new configuration ?
(Y/N)`` and its Japanese, the fold at the console's width and the header lines (5.2 .. 5.4, Yamaha's manual 2.4).
"""

from __future__ import annotations

JAPANESE = {"ja.utf8": "utf-8", "ja.sjis": "cp932", "ja.euc": "euc_jp"}
"""Character sets of ``console character`` (4.21) that speak Japanese; en.ascii does not."""

ERRORS: dict[str, tuple[str, str]] = {
    "command": ("Error: Invalid command name", "エラー：コマンド名を確認してください"),
    "keyword": ("Error: Illegal keyword", "エラー：パラメータのキーワードが認識できません"),
    "administrator": (
        "Error: Administrator use only",
        "エラー：このコマンドは管理レベルでのみ使用できます",
    ),
    "parameters": ("Error: Insufficient or too many parameters", "エラー：パラメータの数が不適当です"),
    "password": ("Error: Incorrect password", "エラー：パスワードが間違っています"),
    "range": ("Error: Parameter out of range", "エラー：パラメータが範囲を越えています"),
    "address": ("Error: Unrecognized IP address parameter", "エラー：IPアドレスが認識できません"),
    # hypotheses: no source has the words for these
    "tunnel": (
        "Error: Execute tunnel select command beforehand",
        "エラー：tunnel select コマンドを先に実行してください",
    ),
}
SAVE_QUESTION = ("Save new configuration ? (Y/N)", "新しい設定を保存しますか? (Y/N)")
SAVED = ("Saving ... CONFIG0 Done .", "セーブ中... CONFIG0番 終了")
MORE = ("---more---", "---つづく---")
MORE_ERASE = "\r            \r"  # hypothesis: how the router takes the word off the screen
PASSWORD = "Password: "  # noqa: S105 - a prompt
OLD_PASSWORD, NEW_PASSWORD = "Old_Password: ", "New_Password: "
LOGIN_PASSWORD, ADMINISTRATOR_PASSWORD = "Login Password: ", "Administrator Password: "
SHOWN_SECRET = "*"  # noqa: S105 - hypothesis (5.4): a capture of an RTX1220 has "administrator password encrypted *"
SEARCHING = "Searching ..."
RESTARTING = ("Restarting ...", "再起動中 ...")
BOOT_S = 60.0  # hypothesis: from restart to SSH, device seconds
# hypotheses: the console of a router without accounts asks for a password alone, and none is right
SERIAL = "X00000000"
CONSOLE_USER, CONSOLE_PASSWORD = "Username: ", "Password: "
GENERATING_KEY = ("Generating public/private rsa key pair ...", "ホスト鍵を生成しています ...")
COLD_STARTING = ("Restarting ...", "再起動中 ...")
FACTORY = """\
ip lan1 address 192.168.100.1/24
telnetd host lan
dhcp service server
dhcp server rfc2131 compliant except remain-silent
dhcp scope 1 192.168.100.2-192.168.100.191/24
"""  # what Yamaha's small routers hold when nobody has configured them; from general knowledge
TUNNEL_PROMPT = "tunnel{number}"  # hypothesis (5.2): follows the name in the prompt


def header(model: str, revision: str, now_s: float, serial: str) -> str:
    """Return the comment lines above a configuration; the last one differs at every reading."""
    clock = int(now_s) + 36_000
    return (
        f"# {model} {revision} (Mon Feb  3 10:00:00 2025)\n"
        "# MAC Address : 02:00:00:00:01:01, 02:00:00:00:01:02, 02:00:00:00:01:03\n"
        "# Memory 1024Mbytes, 3LAN\n"
        f"# main:  {model} ver=00 serial={serial} MAC-Address=02:00:00:00:01:01 MAC-Address=02:00:00:00:01:02\n"
        f"# Reporting Date: Nov 23 {clock // 3600 % 24:02}:{clock // 60 % 60:02}:{clock % 60:02} 2026\n"
    )


def banner(model: str, revision: str) -> str:
    """Return what greets a login."""
    return (
        f"\n{model} {revision} (Mon Feb  3 10:00:00 2025)\n"
        "  Copyright (c) 1994-2025 Yamaha Corporation. All Rights Reserved.\n\n"
    )


def environment(model: str, revision: str) -> str:
    """Return what ``show environment`` says (5.2)."""
    return (
        f"{model} BootROM Ver.1.00\n{model} {revision} (Mon Feb  3 10:00:00 2025)\n"
        "CPU:   4%(5sec)   3%(1min)   3%(5min)    Memory: 31% used\n"
        "Firmware: exec0  Config. file: config0\nBoot time: 2026/11/16 06:20:11 +09:00\n"
        "Security Class: 1, FORGET: ON, TELNET: OFF\n"
    )
