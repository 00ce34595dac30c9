"""A CA and VM1's certificate for the scenario: FOLDER HOST_NAME."""

from __future__ import annotations

import sys
from pathlib import Path

from cryptography import x509

from gatekit.certificates.authority import SERVER, issue, new_authority


def main() -> None:
    folder, host_name = Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = new_authority("gatekit molecule")
    leaf = issue(authority, host_name, [x509.DNSName(host_name)], SERVER)
    for name, text in {"ca.pem": authority.certificate, "vm1.pem": leaf.certificate, "vm1_key.pem": leaf.key}.items():
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
