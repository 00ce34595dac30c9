"""What the steps of a connection test mean: outcome words and facts in, sentences, codes and fixes out. Pure."""

from __future__ import annotations

from collections.abc import Callable

from gatekit.connection.model import Judgement, State, Step
from gatekit.dicom.statuses import Category, Service, look_up
from gatekit.model import Text
from gatekit.verify.words import both

NETWORK_FIX = Text(
    ja="相手の起動、アドレス、ポート、途中のフィルターを確認する。",
    en="Check that the system runs, its address and port, and the filters on the way.",
)
OURS_FIX = Text(
    ja="ゲートウェイ側の設定である。サイトファイルと通信許可表を確認する。",
    en="This is on our side: check the site file and the flow matrix.",
)
PROTOCOL_FIX = Text(
    ja="このポートで待ち受けるプロトコルを相手の設定で確認する。",
    en="Check at the system which protocol listens on this port.",
)
LOG_FIX = Text(
    ja="この時刻の相手のログを確認する。",
    en="Read the system's own log at this time.",
)
TITLE_FIX = Text(
    ja="双方のAEタイトルと、相手側の接続許可を確認する。",
    en="Check both AE titles, and that the PACS allows ours.",
)
FAILURES: dict[str, tuple[str, Text, Text]] = {
    "refused": ("GW402", Text(ja="接続を拒否された", en="the connection was refused"), NETWORK_FIX),
    "no_answer": ("GW402", Text(ja="時間内に応答がない", en="no answer in time"), NETWORK_FIX),
    "unreachable": ("GW402", Text(ja="到達不能と通知された", en="reported unreachable"), NETWORK_FIX),
    "cut": ("GW402", Text(ja="相手が接続を切断した", en="the peer closed the connection"), LOG_FIX),
    "blocked_here": ("GW603", Text(ja="VM1自身のフィルターが遮断した", en="VM1's own filter stopped it"), OURS_FIX),
    "fault": ("GW601", Text(ja="VM1で問合せに失敗した", en="VM1 could not ask"), OURS_FIX),
    "garbled": ("GW603", Text(ja="手順と異なる応答", en="an answer outside the protocol"), PROTOCOL_FIX),
    "other_message": (
        "GW603",
        Text(ja="別の電文への応答（MSA-2が一致しない）", en="an answer to another message (MSA-2 differs)"),
        LOG_FIX,
    ),
    "tls_failed": ("GW603", Text(ja="TLSを確立できない", en="TLS could not be agreed"), PROTOCOL_FIX),
    "negative": ("GW604", Text(ja="サーバーが拒否した", en="the server refused"), LOG_FIX),
    "aborted": ("GW503", Text(ja="相手がアソシエーションを中断した", en="the peer aborted the association"), LOG_FIX),
    "not_offered": (
        "GW505",
        Text(ja="相手がこのサービスを提供していない", en="the peer does not offer this service"),
        Text(
            ja="PACSで検証サービスと照会サービス（情報モデル）を有効にする。",
            en="Have the PACS vendor enable verification and the query information model of the site file.",
        ),
    ),
    "too_many": (
        "GW516",
        Text(ja="1人の患者の照会に過大な件数の応答", en="far too many answers about one patient"),
        LOG_FIX,
    ),
    "other_host_key": (
        "GW416",
        Text(ja="確認済みのホスト鍵と異なる", en="not the host key that was confirmed"),
        Text(
            ja="パスワードは送っていない。鍵の変更を相手に確認するまで試験しない。",
            en="No password was sent. Ask the vendor whether the key was changed before testing again.",
        ),
    ),
    "login_refused": (
        "GW401",
        Text(ja="アカウントでのログインを拒否された", en="the account was refused"),
        Text(ja="アカウントと保管庫のパスワードを確認する。", en="Check the account and its password in the vault."),
    ),
    "ssh_failed": ("GW603", Text(ja="SSHの確立に失敗した", en="SSH could not be established"), LOG_FIX),
    "no_such_folder": (
        "GW604",
        Text(ja="フォルダーの一覧を取得できない", en="the folder could not be listed"),
        Text(
            ja="test_pathのフォルダーと、アカウントの権限を確認する。",
            en="Check the folder test_path, and the account's rights on it.",
        ),
    ),
}
GAPS: dict[str, Text] = {
    "no_test_patient": Text(
        ja="実施せず：サイトファイルにテスト患者がない", en="not run: the site file names no test patient"
    ),
    "no_account": Text(ja="実施せず：アカウントが与えられていない", en="not run: no account is given"),
    "host_key_not_confirmed": Text(
        ja="実施せず：ホスト鍵が未確認のため、パスワードを送らない。上の指紋を確認のこと",
        en="not run: the host key is not confirmed, so no password is sent; please confirm a fingerprint above",
    ),
    "silent": Text(
        ja="実施せず：このポートのサーバーは自ら名乗らない。証明できたのはTCPのみ",
        en="not run: the server on this port does not speak first; only TCP is proved",
    ),
    "vendor_dials": Text(
        ja="接続は相手側から行うため、ゲートウェイからは試験できない。下記の手順で相手が試験する",
        en="the system dials, so it cannot be tested from here; its vendor tests it as described below",
    ),
}


def judge(step: Step) -> Judgement:
    """Return what one step means."""
    if step.outcome == "not_run":
        return Judgement(state=State.INCOMPLETE, observed=GAPS[step.facts["reason"]])
    if step.name == "own_listener" and step.outcome != "accepted":
        return _no_listener()
    if step.outcome == "rejected":
        return _rejected(step)
    if step.outcome in FAILURES:
        code, observed, fix = FAILURES[step.outcome]
        return Judgement(state=State.FAILED, observed=_with(observed, _tail(step)), code=code, fix=fix)
    return ANSWERS[step.name](step.facts)


def _tail(step: Step) -> str:
    """Return what was seen, in the protocol's own words; fingerprints and counts stay in their own sentences."""
    named = ("reason", "status", "source", "result", "msa_1", "message")
    return ", ".join(f"{name} {step.facts[name]}" for name in named if step.facts.get(name))


def _with(text: Text, tail: str) -> Text:
    return Text(ja=f"{text.ja}（{tail}）", en=f"{text.en} ({tail})") if tail else text


def _no_listener() -> Judgement:
    return Judgement(
        state=State.INCOMPLETE,
        observed=Text(ja="ゲートウェイの待受けがまだない", en="the Gateway does not listen there yet"),
        code="GW420",
        fix=Text(
            ja="待ち受ける業務アプリケーションを導入してから、相手が試験する。",
            en="Deploy the application that listens there; the vendor tests after that.",
        ),
    )


REJECTIONS: dict[tuple[str, str], Text] = {  # (source, reason), PS3.8 9.3.4
    ("1", "1"): Text(ja="理由の提示なし", en="no reason given"),
    ("1", "2"): Text(ja="アプリケーションコンテキスト非対応", en="application context not supported"),
    ("1", "3"): Text(ja="ゲートウェイのAEタイトルが未登録", en="our AE title is not known there"),
    ("1", "7"): Text(ja="相手のAEタイトルが異なる", en="the AE title we called is not theirs"),
    ("2", "1"): Text(ja="理由の提示なし", en="no reason given"),
    ("2", "2"): Text(ja="プロトコル版が非対応", en="protocol version not supported"),
    ("3", "1"): Text(ja="一時的な混雑", en="temporarily congested"),
    ("3", "2"): Text(ja="接続数の上限", en="local limit exceeded"),
}


def _rejected(step: Step) -> Judgement:
    numbers = tuple(step.facts[name] for name in ("result", "source", "reason"))
    why = REJECTIONS.get((numbers[1], numbers[2]), both("?"))
    tail = f"{', '.join(numbers)}"
    observed = Text(
        ja=f"アソシエーションを拒否された：{why.ja}（{tail}）", en=f"the association was rejected: {why.en} ({tail})"
    )
    return Judgement(state=State.FAILED, observed=observed, code="GW502", fix=TITLE_FIX)


# ------------------------------------------------------------------ answers, one judge a step
def _passed(ja: str, en: str) -> Judgement:
    return Judgement(state=State.PASSED, observed=Text(ja=ja, en=en))


def _accepted(_facts: dict[str, str]) -> Judgement:
    return _passed("接続を受け付けた", "accepted")


def _echo(facts: dict[str, str]) -> Judgement:
    if facts["status"] == "0000":
        return _passed("成功（0000）", "success (0000)")
    observed = _with(Text(ja="C-ECHOが失敗した", en="C-ECHO failed"), facts["status"])
    return Judgement(state=State.FAILED, observed=observed, code="GW509", fix=LOG_FIX)


def _find(facts: dict[str, str]) -> Judgement:
    row = look_up(Service.FIND, int(facts["status"], 16))
    if row.category is not Category.SUCCESS:
        observed = _with(Text(ja="C-FINDが失敗した", en="C-FIND failed"), f"0x{facts['status']} {row.meaning}")
        return Judgement(state=State.FAILED, observed=observed, code=row.code or "GW509", fix=LOG_FIX)
    if int(facts["others"]):
        observed = Text(
            ja="照会した患者以外の応答が含まれる", en="answers about another patient than the one asked for"
        )
        return Judgement(state=State.FAILED, observed=observed, code="GW516", fix=LOG_FIX)
    if not int(facts["studies"]):
        observed = Text(ja="テスト患者の検査が0件", en="no study of the test patient")
        fix = Text(
            ja="テスト患者のIDと、PACSに検査があることを確認する。",
            en="Check the test patient's id, and that the PACS holds a study of it.",
        )
        return Judgement(state=State.FAILED, observed=observed, code="GW604", fix=fix)
    count = facts["studies"]
    return _passed(f"テスト患者の検査 {count}件", f"studies of the test patient: {count}")


ACKNOWLEDGEMENTS: dict[str, Text] = {  # HL7 table 0008
    "AA": Text(ja="受理", en="accepted"),
    "AE": Text(
        ja="エラー応答（電文種別は扱わないが、対話は成立）", en="error reply: the query is not handled, the dialogue is"
    ),
    "AR": Text(
        ja="拒否応答（電文種別は扱わないが、対話は成立）", en="rejected: the query is not handled, the dialogue is"
    ),
    "CA": Text(ja="受信確認", en="commit accepted"),
    "CE": Text(ja="受信エラー応答（対話は成立）", en="commit error: the dialogue is proved"),
    "CR": Text(ja="受信拒否応答（対話は成立）", en="commit rejected: the dialogue is proved"),
}


def _acknowledged(facts: dict[str, str]) -> Judgement:
    meaning = ACKNOWLEDGEMENTS.get(facts["msa_1"])
    if meaning is None:
        code, observed, fix = FAILURES["garbled"]
        return Judgement(state=State.FAILED, observed=_with(observed, f"MSA-1 {facts['msa_1']}"), code=code, fix=fix)
    return _passed(f"{facts['msa_1']}：{meaning.ja}", f"{facts['msa_1']}: {meaning.en}")


def _http(facts: dict[str, str]) -> Judgement:
    status = facts["status"]
    if status == "401":
        return _passed("401：応答あり、ログインを要求", "401: answered, asks for a login")
    if status[0] in "23":
        return _passed(f"{status}：応答あり", f"{status}: answered")
    observed = Text(ja=f"{status}：要求したパスを返さない", en=f"{status}: the path asked for is not served")
    fix = Text(
        ja="test_pathのパスと、相手側の許可を確認する。", en="Check the path test_path, and that the system allows VM1."
    )
    return Judgement(state=State.FAILED, observed=observed, code="GW604", fix=fix)


def _tls(facts: dict[str, str]) -> Judgement:
    seen = f"{facts['version']}, sha256 {facts['sha256']}"
    if facts["verified"] == "yes":
        return _passed(f"証明書を検証した（{seen}）", f"certificate verified ({seen})")
    return Judgement(
        state=State.INCOMPLETE,
        observed=Text(
            ja=f"証明書を検証できない（{facts['reason']}）。検証する認証局が与えられていない。指紋を確認のこと（{seen}）",
            en=f"certificate not verified ({facts['reason']}): no authority to verify it against is given; "
            f"please confirm the fingerprint ({seen})",
        ),
        code="GW416",
        fix=Text(ja="証明書の指紋を所有者が確認する。", en="Have the certificate's owner confirm the fingerprint."),
    )


def _banner(facts: dict[str, str]) -> Judgement:
    return _passed(facts["banner"], facts["banner"])


def _host_key(facts: dict[str, str]) -> Judgement:
    keys = ", ".join(f"{kind} {value}" for kind, value in sorted(facts.items()) if kind != "confirmed")
    if "confirmed" in facts:
        return _passed(f"確認済みの鍵と一致（{facts['confirmed']}）", f"the confirmed key ({facts['confirmed']})")
    return Judgement(
        state=State.INCOMPLETE,
        observed=Text(ja=f"未確認：{keys}", en=f"to be confirmed: {keys}"),
        fix=Text(ja="サーバーの鍵の指紋と照合する。", en="Compare with the server's own fingerprints."),
    )


def _listing(facts: dict[str, str]) -> Judgement:
    return _passed(f"一覧を取得した（{facts['entries']}件）", f"listed ({facts['entries']} entries)")


def _negotiated(facts: dict[str, str]) -> Judgement:
    seen = f"SMB {facts['dialect']}, signing {facts['signing']}"
    return _passed(f"応答あり（{seen}）", f"answered ({seen})")


def _greeting(facts: dict[str, str]) -> Judgement:
    if "product" not in facts:
        return _passed("サーバーが応答した（製品は不明）", "the server spoke (product unknown)")
    seen = " ".join((facts["product"], facts.get("version", ""))).strip()
    return _passed(f"応答あり（{seen}）", f"answered ({seen})")


ANSWERS: dict[str, Callable[[dict[str, str]], Judgement]] = {
    "tcp": _accepted,
    "association": _accepted,
    "own_listener": _accepted,
    "c_echo": _echo,
    "c_find": _find,
    "hl7_ack": _acknowledged,
    "http": _http,
    "tls": _tls,
    "ssh_banner": _banner,
    "ssh_host_key": _host_key,
    "sftp_listing": _listing,
    "smb_negotiate": _negotiated,
    "sql_greeting": _greeting,
}
