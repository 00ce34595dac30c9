"""What a probe's outcome words mean, for a Japanese and an English reader."""

from __future__ import annotations

from gatekit.model import Text

OUTCOMES: dict[str, Text] = {
    "accepted": Text(ja="接続を受け付けた", en="connection accepted"),
    "refused": Text(ja="宛先が応答し接続を拒否", en="the destination itself refused"),
    "no_answer": Text(ja="応答なし", en="no answer"),
    "blocked_here": Text(ja="送信元自身のフィルタが遮断", en="stopped by the source's own filter"),
    "unreachable": Text(ja="到達不能の通知", en="reported unreachable"),
    "cut": Text(ja="接続が切断された", en="connection cut"),
    "no_name": Text(ja="名前を解決できない", en="name not found"),
    "answered": Text(ja="応答あり", en="answered"),
    "negative": Text(ja="否定の応答", en="negative answer"),
    "garbled": Text(ja="不正な応答", en="unintelligible answer"),
    "found": Text(ja="サーバーの記録に到着を確認", en="arrival read in the server's log"),
    "absent": Text(ja="サーバーの記録に見つからない", en="not in the server's log"),
    "sent": Text(ja="送信した", en="sent"),
    "served": Text(ja="ページを配信", en="page served"),
    "forbidden": Text(ja="サーバーが403で拒否", en="refused by the server with 403"),
    "not_found": Text(ja="サーバーが404で応答", en="answered by the server with 404"),
    "denied": Text(ja="サーバーがページを拒否", en="page denied by the server"),
    "tunnelled": Text(ja="CONNECTを許可", en="CONNECT allowed"),
    "refused_by_proxy": Text(ja="プロキシが拒否", en="refused by the proxy"),
    "tls_refused": Text(ja="TLSで拒否", en="refused in TLS"),
    "untrusted": Text(ja="サーバー証明書を検証できない", en="server certificate not trusted"),
}


def both(word: str) -> Text:
    """Return a fact that reads the same in both languages, e.g. an address."""
    return Text(ja=word, en=word)


def outcome_text(word: str, detail: str) -> Text:
    """Return the sentence for an outcome, with its detail in brackets."""
    text, tail = OUTCOMES[word], f" ({detail})" if detail else ""
    return Text(ja=text.ja + tail, en=text.en + tail)
