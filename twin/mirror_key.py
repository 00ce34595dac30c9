"""The key that signs the package mirror: made once per checkout, its private half stays in build/cache."""

from __future__ import annotations

import base64

from twin.commands import run
from twin.folders import CACHE

HOME = CACHE / "mirror-key"
PUBLIC = CACHE / "mirror-key.gpg"
_OWNER = "gatekit twin mirror"


def public_key(builder: str) -> bytes:
    """Return the public key (binary OpenPGP), made in a container of the builder image when missing."""
    if not PUBLIC.is_file():
        HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
        HOME.chmod(0o700)
        script = (
            f"gpg --batch --quiet --passphrase '' --quick-generate-key '{_OWNER}' ed25519 sign never"
            f" && gpg --batch --export '{_OWNER}'"
        )
        container = ["podman", "run", "--rm", "--network=none", f"--volume={HOME}:/key", "--env=GNUPGHOME=/key"]
        partial = PUBLIC.with_suffix(".partial")
        partial.write_bytes(base64.b64decode(run([*container, builder, "sh", "-c", f"{script} | base64"])))
        partial.rename(PUBLIC)
    return PUBLIC.read_bytes()
