"""The fixed words of a connection test, for a Japanese and an English reader."""

from __future__ import annotations

from gatekit.connection.model import State
from gatekit.model import Text

STATES: dict[State, Text] = {
    State.PASSED: Text(ja="合格", en="passed"),
    State.FAILED: Text(ja="不合格", en="failed"),
    State.INCOMPLETE: Text(ja="未完了", en="incomplete"),
}
STEPS: dict[str, Text] = {
    "tcp": Text(ja="TCP接続", en="TCP connection"),
    "association": Text(ja="DICOMアソシエーション", en="DICOM association"),
    "c_echo": Text(ja="C-ECHO（疎通確認）", en="C-ECHO (verification)"),
    "c_find": Text(ja="C-FIND（テスト患者の検査）", en="C-FIND (studies of the test patient)"),
    "hl7_ack": Text(ja="HL7応答（NMQ^N01への応答）", en="HL7 acknowledgement (of an NMQ^N01 query)"),
    "http": Text(ja="HTTP要求", en="HTTP request"),
    "tls": Text(ja="TLS", en="TLS"),
    "ssh_banner": Text(ja="SSHバナー", en="SSH banner"),
    "ssh_host_key": Text(ja="SSHホスト鍵", en="SSH host key"),
    "sftp_listing": Text(ja="フォルダー一覧", en="folder listing"),
    "smb_negotiate": Text(ja="SMBネゴシエーション", en="SMB negotiation"),
    "sql_greeting": Text(ja="データベースの応答", en="database server's greeting"),
    "own_listener": Text(ja="ゲートウェイの待受け", en="the Gateway's own listener"),
    "called_by_vendor": Text(ja="ベンダーからの接続試験", en="test by the vendor's system"),
}
KINDS: dict[str, Text] = {
    "pacs": Text(ja="PACS", en="PACS"),
    "emr": Text(ja="電子カルテ", en="electronic medical record"),
    "order": Text(ja="オーダー", en="order entry"),
    "report": Text(ja="レポート", en="reports"),
    "laboratory": Text(ja="検体検査", en="laboratory"),
    "radiology": Text(ja="放射線", en="radiology"),
    "pharmacy": Text(ja="薬剤", en="pharmacy"),
    "department": Text(ja="部門システム", en="departmental system"),
}
PROTOCOLS: dict[str, str] = {
    "dicom": "DICOM",
    "hl7_mllp": "HL7 v2 (MLLP)",
    "http": "HTTP",
    "https": "HTTPS",
    "sftp": "SFTP",
    "smb": "SMB",
    "sql": "SQL",
}
DIRECTIONS: dict[str, Text] = {
    "from_gateway": Text(ja="ゲートウェイから接続する", en="the Gateway connects to the system"),
    "to_gateway": Text(ja="システムからゲートウェイへ接続する", en="the system connects to the Gateway"),
}
EXPECTED = Text(ja="相手が手順どおりに応答する", en="the peer answers as its protocol says")
VENDOR_TESTS: dict[str, Text] = {
    "hl7_mllp": Text(
        ja="処理ID「T」の試験電文をMLLPで送り、MSA-1の応答コードを控える。",
        en="Send a test message with processing id T over MLLP and note MSA-1 of its acknowledgement.",
    ),
    "http": Text(
        ja="下記アドレスにHTTP要求を送り、状態コードを控える。",
        en="Send an HTTP request to the address below and note the status code.",
    ),
    "https": Text(
        ja="下記アドレスにHTTPS要求を送り、証明書の検証結果と状態コードを控える。",
        en="Send an HTTPS request to the address below and note whether the certificate is trusted, and the status.",
    ),
    "sftp": Text(
        ja="下記アドレスにSFTPで接続し、ホスト鍵の指紋を照合して一覧を取得する。",
        en="Connect by SFTP to the address below, compare the host key's fingerprint and list the folder.",
    ),
    "smb": Text(
        ja="下記アドレスの共有に接続し、一覧を取得する。",
        en="Connect to the share at the address below and list it.",
    ),
    "sql": Text(
        ja="下記アドレスのデータベースに接続し、応答を控える。",
        en="Connect to the database at the address below and note its answer.",
    ),
}
