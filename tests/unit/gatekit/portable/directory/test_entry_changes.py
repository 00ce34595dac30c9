"""From sources and live entries to what is sent: nothing twice, nothing deleted unasked."""

from __future__ import annotations

import pytest

from gatekit.portable.directory import names
from gatekit.portable.directory.entry_changes import EntryChange, plan
from gatekit.portable.directory.ldif import Change, parse
from gatekit.portable.directory.wanted import Ownership, fold
from gatekit.portable.errors import NodeError

LIVE = """dn: dc=org
objectClass: top
dc: org

dn: cn=a,dc=org
objectClass: device
objectClass: ours
cn: a
port: 11112
note: an operator's
"""


def no_files(url: str) -> bytes:
    raise AssertionError(url)


def live(text: str = LIVE) -> dict[str, tuple[str, dict[str, tuple[str, tuple[bytes, ...]]]]]:
    return {
        names.key(record.dn): (record.dn, {name.lower(): (name, values) for name, values in record.attributes})
        for record in parse(text.encode(), "live", no_files)
    }


def change(*sources: str, ownership: Ownership = "attributes", absent: tuple[str, ...] = ()) -> EntryChange:
    records = [(ownership, parse(text.encode(), "s", no_files)) for text in sources]
    return plan(fold(records), absent, live())


def test_what_is_there_already_needs_nothing() -> None:
    found = change("dn: CN=a, dc=org\nobjectClass: device\ncn: a\nport: 11112\n")
    assert (found.changed, found.before, found.after) == (False, {}, {})


def test_changed_attribute_is_replaced_and_an_operators_own_is_left() -> None:
    found = change("dn: cn=a,dc=org\nobjectClass: device\ncn: a\nport: 104\n")
    (record,) = found.content
    assert record.changes == (Change("replace", "port", (b"104",)),)
    assert found.before == {"cn=a,dc=org": {"port": ["11112"]}}
    assert found.after == {"cn=a,dc=org": {"port": ["104"]}}


def test_entry_that_is_wholly_ours_loses_what_the_source_does_not_name() -> None:
    text = "dn: cn=a,dc=org\nobjectClass: device\nobjectClass: ours\ncn: a\nport: 11112\n"
    (record,) = change(text, ownership="entry").content
    assert record.changes == (Change("delete", "note", ()),)


def test_entry_that_only_has_to_exist_is_left_as_its_users_made_it() -> None:
    assert not change("dn: cn=a,dc=org\nobjectClass: device\ncn: a\nport: 1\n", ownership="existence").changed
    assert change("dn: cn=b,dc=org\nobjectClass: device\ncn: b\n", ownership="existence").counts["added"] == 1


def test_later_source_wins_attribute_by_attribute_and_both_are_one_change() -> None:
    first = "dn: cn=b,dc=org\nobjectClass: device\ncn: b\nport: 1\nnote: n\n"
    second = "dn: cn=b,dc=org\nchangetype: modify\nreplace: port\nport: 2\n"
    (record,) = change(first, second).content
    assert dict(record.attributes) == {"objectClass": (b"device",), "cn": (b"b",), "port": (b"2",), "note": (b"n",)}


def test_parents_are_added_before_children_and_configuration_before_all() -> None:
    found = change(
        "dn: cn=c,cn=b,dc=org\ncn: c\n\ndn: cn=b,dc=org\ncn: b\n\ndn: olcDatabase={1}mdb,cn=config\nolcDbMaxSize: 1\n"
    )
    assert [record.dn for record in found.content] == ["cn=b,dc=org", "cn=c,cn=b,dc=org"]
    assert [record.dn for record in found.configuration] == ["olcDatabase={1}mdb,cn=config"]


def test_absent_takes_what_stands_below_first_and_nothing_else() -> None:
    found = change(absent=("dc=org",))
    assert [(record.verb, record.dn) for record in found.content] == [("delete", "cn=a,dc=org"), ("delete", "dc=org")]
    assert not change(absent=("cn=zzz,dc=org",)).changed


def test_absent_pattern_takes_what_is_of_its_form_and_wanted_by_nobody() -> None:
    assert not change("dn: cn=a,dc=org\ncn: a\n", absent=("cn=a*,dc=org", "cn=b*,dc=org", "cn=a*,dc=else")).changed
    found = change(absent=("CN=A*, dc=org",))
    assert [(record.verb, record.dn) for record in found.content] == [("delete", "cn=a,dc=org")]


def test_changed_secret_is_seen_and_not_shown() -> None:
    found = change("dn: cn=a,dc=org\nchangetype: modify\nreplace: dcmKeyStorePin\ndcmKeyStorePin: hunter2\n")
    assert found.changed
    assert "hunter2" not in repr((found.before, found.after))


def test_schema_definitions_are_added_or_exchanged_and_never_removed() -> None:
    standing = "dn: cn={4}x,cn=schema,cn=config\ncn: {4}x\n"
    standing += "olcAttributeTypes: {0}( 1.2.3 NAME 'a' )\nolcAttributeTypes: {1}( 1.2.4 NAME 'b' )\n"
    wanted = "dn: cn=x,cn=schema,cn=config\ncn: x\n"
    wanted += "olcAttributeTypes: ( 1.2.3  NAME 'a2' )\nolcAttributeTypes: (1.2.5 NAME 'c' )\n"
    found = plan(fold([("attributes", parse(wanted.encode(), "s", no_files))]), (), live(standing))
    (record,) = found.configuration
    assert record.dn == "cn={4}x,cn=schema,cn=config"
    assert record.changes == (
        Change("delete", "olcAttributeTypes", (b"{0}( 1.2.3 NAME 'a' )",)),
        Change("add", "olcAttributeTypes", (b"( 1.2.3  NAME 'a2' )",)),
        Change("add", "olcAttributeTypes", (b"(1.2.5 NAME 'c' )",)),
    )
    same = plan(fold([("attributes", parse(standing.encode(), "s", no_files))]), (), live(standing))
    assert not same.changed


@pytest.mark.parametrize(
    ("texts", "facts"),
    [
        pytest.param(
            ("dn: cn=z,dc=org\nchangetype: modify\nreplace: port\nport: 1\n",),
            ("GW407", "s:1", "cn=z,dc=org", "Give the source that adds this entry before this one."),
            id="change-of-nothing",
        ),
        pytest.param(
            ("dn: cn=a,dc=org\nchangetype: modify\nadd: port\nport: 1\n",),
            (
                "GW104",
                "s:1",
                "add: port",
                "Use 'replace:' with all values: a change that counts on earlier values cannot be repeated.",
            ),
            id="adding-to-unknown-values",
        ),
        pytest.param(
            ("dn: cn=a,dc=org\ncn: a\n\ndn: CN=a,dc=org\ncn: a\n",),
            ("GW111", "s:4", "CN=a,dc=org", "Give each entry once in a source."),
            id="twice",
        ),
        pytest.param(
            ("dn: cn=a,dc=org\nchangetype: delete\n",),
            ("GW104", "s:1", "changetype: delete", "Name entries that have to go in the option absent."),
            id="deletion",
        ),
    ],
)
def test_what_cannot_be_repeated_is_refused(texts: tuple[str, ...], facts: tuple[str, ...]) -> None:
    with pytest.raises(NodeError) as caught:
        change(*texts)
    assert caught.value.facts == facts


def test_wanting_and_removing_the_same_is_refused() -> None:
    with pytest.raises(NodeError) as caught:
        change("dn: cn=a,dc=org\ncn: a\n", absent=("dc=org",))
    assert caught.value.facts == ("GW409", "absent.dc=org", "cn=a,dc=org", "s:1 wants it; say one of the two.")


def test_large_import_is_shown_by_its_families() -> None:
    text = "\n".join(f"dn: cn=n{number},dc=org\ncn: n{number}\n" for number in range(60))
    assert list(change(text).after) == ["entries below dc=org"]
