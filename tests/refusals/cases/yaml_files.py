"""What cannot be read as the YAML we accept."""

from __future__ import annotations

from tests.refusals.case import Case, at, at_the_end

CASES = (
    Case(
        "empty file",
        raw=b"",
        expected=(
            (
                "GW101",
                "site.yml",
                "empty",
                "Fill the file; inventories/README.md says how.",
            ),
        ),
    ),
    Case(
        "only comments",
        raw=b"# nothing yet\n---\n",
        expected=(
            (
                "GW101",
                "site.yml",
                "empty",
                "Fill the file; inventories/README.md says how.",
            ),
        ),
    ),
    Case(
        "a list at the top",
        raw=b"- hospital\n- vpn\n",
        expected=(
            (
                "GW101",
                "site.yml",
                "a list",
                "Write a mapping (key: value) at the top level.",
            ),
        ),
    ),
    Case(
        "a single value at the top",
        raw=b"hospital\n",
        expected=(
            (
                "GW101",
                "site.yml",
                "a single value",
                "Write a mapping (key: value) at the top level.",
            ),
        ),
    ),
    Case(
        "Shift_JIS",
        raw=b"hospital:\n  name: {ja: \x96k\x91\x8d\x8d\x87\x95a\x89@}\n",
        expected=(
            (
                "GW101",
                "site.yml:2",
                "byte 0x96",
                "Save the file as UTF-8 (it looks like another encoding, perhaps Shift_JIS).",
            ),
        ),
    ),
    Case(
        "UTF-16 with its mark",
        raw=b"\xff\xfeh\x00o\x00s\x00p\x00i\x00t\x00a\x00l\x00:\x00 \x00{\x00}\x00\n\x00",
        expected=(
            (
                "GW101",
                "site.yml:1",
                "byte 0xff",
                "Save the file as UTF-8 (it looks like another encoding, perhaps Shift_JIS).",
            ),
        ),
    ),
    Case(
        "billion laughs",
        raw=(
            b"a: &a [x, x, x, x, x, x, x, x, x]\n"
            b"b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
            b"c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
        ),
        expected=(
            (
                "GW101",
                "site.yml:1",
                "an anchor (&)",
                "Remove the anchor, or put text that begins with & in quotes.",
            ),
        ),
    ),
    Case(
        "an alias",
        swap={"name: {ja: 北総合病院, en: Kita General Hospital}": "name: *hospital"},
        expected=(
            (
                "GW101",
                "site.yml:6",
                "an alias (*)",
                "Write the value out, or put text that begins with * in quotes.",
            ),
        ),
    ),
    Case(
        "a merge key",
        swap={"archive:\n  engine": "archive:\n  <<: {port: 104}\n  engine"},
        expected=(
            (
                "GW101",
                at("archive:", below=1),
                "<<",
                "Use a plain word as key.",
            ),
        ),
    ),
    Case(
        "a Python object",
        swap={"stage: staging": "stage: !!python/object/apply:os.system [id]"},
        expected=(
            (
                "GW101",
                "site.yml:7",
                "a tag (!)",
                "Remove the tag, or put text that begins with ! in quotes.",
            ),
        ),
    ),
    Case(
        "a vault tag",
        swap={"stage: staging": "stage: !vault x"},
        expected=(
            (
                "GW101",
                "site.yml:7",
                "a tag (!)",
                "Remove the tag, or put text that begins with ! in quotes.",
            ),
        ),
    ),
    Case(
        "a key twice",
        swap={"  stage: staging": "  stage: staging\n  stage: live"},
        expected=(
            (
                "GW111",
                "hospital.stage",
                "site.yml:8",
                "Give the key once: remove this line or the one above that has the same key.",
            ),
        ),
    ),
    Case(
        "two keys twice, both named",
        swap={
            "  stage: staging": "  stage: staging\n  stage: live",
            "  browser_setting: pac": "  browser_setting: pac\n  browser_setting: manual",
        },
        expected=(
            (
                "GW111",
                "hospital.stage",
                "site.yml:8",
                "Give the key once: remove this line or the one above that has the same key.",
            ),
            (
                "GW111",
                "proxy.browser_setting",
                at("browser_setting:", below=2),
                "Give the key once: remove this line or the one above that has the same key.",
            ),
        ),
    ),
    Case(
        "two documents",
        after="---\nhospital: {}\n",
        expected=(
            (
                "GW101",
                at_the_end(),
                "a second document (---)",
                "Write one document only.",
            ),
        ),
    ),
    Case(
        "too large",
        after="#" + "x" * 256 * 1024,
        expected=(
            (
                "GW101",
                "site.yml",
                "too large",
                "Use the site's own file: 256 KiB is the most we read.",
            ),
        ),
    ),
    Case(
        "too deep",
        raw=b"a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
        expected=(
            (
                "GW101",
                "site.yml:1",
                "nested 21 deep",
                "Nest 20 deep at most.",
            ),
        ),
    ),
    Case(
        "a tab as indentation",
        swap={"  stage: staging": "\tstage: staging"},
        expected=(
            (
                "GW101",
                "site.yml:7",
                "found character '\\t' that cannot start any token",
                "Mend the YAML at this line or the one above.",
            ),
        ),
    ),
    Case(
        "a bracket that is not closed",
        swap={"proxy:\n  clients: [clients]": "proxy:\n  clients: [clients"},
        expected=(
            (
                "GW101",
                at("clients: [clients]", below=1),
                "expected ',' or ']', but got ':'",
                "Mend the YAML at this line or the one above.",
            ),
        ),
    ),
    Case(
        "a control character",
        swap={"stage: staging": "stage: sta\x07ging"},
        expected=(
            (
                "GW101",
                "site.yml:7",
                "character U+0007",
                "Remove the character: YAML does not allow it.",
            ),
        ),
    ),
    Case(
        "an escape beyond Unicode",
        swap={"stage: staging": 'stage: "\\UFFFFFFFF"'},
        expected=(
            (
                "GW101",
                "site.yml",
                "an escape",
                "Mend the escape \\U in a text in double quotes: there is no such character.",
            ),
        ),
    ),
    Case(
        "half a surrogate pair",
        swap={"stage: staging": 'stage: "\\uD800"'},
        expected=(
            (
                "GW101",
                "hospital.stage",
                "U+D800",
                "Remove the escape: no such character.",
            ),
        ),
    ),
    Case(
        "a number as key",
        swap={"  stage: staging": "  stage: staging\n  8080: proxy"},
        expected=(
            (
                "GW101",
                "site.yml:8",
                "8080",
                "Use a plain word as key.",
            ),
        ),
    ),
    Case(
        "yes as key",
        swap={"  stage: staging": "  stage: staging\n  yes: x"},
        expected=(
            (
                "GW101",
                "site.yml:8",
                "yes",
                "Use a plain word as key.",
            ),
        ),
    ),
    Case(
        "a list as key",
        swap={"  stage: staging": "  stage: staging\n  ? [a, b]\n  : x"},
        expected=(
            (
                "GW101",
                "site.yml:8",
                "a collection",
                "Use a plain word as key.",
            ),
        ),
    ),
    Case(
        "a key with an invisible mark",
        swap={"  stage: staging": '  stage: staging\n  "sta\\u200bge": live'},
        expected=(
            (
                "GW101",
                "site.yml:8",
                "sta\u200bge",
                "Use a plain word as key.",
            ),
        ),
    ),
)
