"""Distinguished names that are the same, and that are not."""

from __future__ import annotations

import pytest

from gatekit.portable.directory import names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cn=Devices, DC=org", "CN=devices,dc=ORG"),
        (r"dicomDeviceName=a\,b,dc=org", r"dicomdevicename=a\2cb,dc=org"),
        (r"dicomDeviceName=a\e3\81\82,dc=org", "dicomDeviceName=aあ,dc=org"),
        ("cn=a+uid=b,dc=org", "uid=b+cn=a,dc=org"),
        ("cn={4}dicom,cn=schema,cn=config", "cn=dicom,cn=schema,cn=config"),
    ],
)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert names.key(one) == names.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dicomAETitle=A,dc=org", "dicomAETitle=a,dc=org"),
        (r"cn=a\,dc=b,dc=org", "cn=a,dc=b,dc=org"),
        ("olcDatabase={1}mdb,cn=config", "olcDatabase={2}mdb,cn=config"),
    ],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert names.key(one) != names.key(other)


def test_name_is_within_itself_and_what_stands_above() -> None:
    assert names.within("cn=a,dc=org", "DC=org")
    assert names.within("dc=org", "dc=org")
    assert not names.within("cn=a,xdc=org", "dc=org")
    assert names.depth(r"cn=a\,b,dc=org") == 2


def test_values_that_are_names_compare_as_names_and_others_as_bytes() -> None:
    assert names.comparable_value(b"cn=a, dc=org") == names.comparable_value(b"CN=a,DC=org")
    assert names.comparable_value(b"A=1;b") == b"A=1;b"
    assert names.comparable_value(b"\xff=,") == b"\xff=,"
