"""What of a change set goes into the transaction."""

from __future__ import annotations

from gatekit.portable.directory.importing import divided
from gatekit.portable.directory.ldif import Record


def test_removals_go_before_the_transaction_in_their_order() -> None:
    removed = [Record("x", dn, "delete") for dn in ("cn=b,cn=a,dc=org", "cn=a,dc=org")]
    added = [Record("x", dn, "add") for dn in ("cn=d,dc=org", "cn=e,cn=d,dc=org")]
    assert divided([*removed, *added]) == (tuple(removed), tuple(added))
    assert divided([]) == ((), ())
