"""The form of FortiOS text: what is written is read back, whatever stands in the values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatekit.devices.fortios.dialogue import stable
from gatekit.devices.fortios.tree import Node, lines_of, parse, tokens

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=12)
KEYS = st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True)
SETTINGS = st.dictionaries(KEYS, st.lists(WORDS, min_size=0, max_size=3).map(tuple), max_size=3)
ENTRIES = st.builds(Node, settings=SETTINGS)
INNER = st.builds(Node, settings=SETTINGS, entries=st.dictionaries(WORDS, ENTRIES, max_size=2))
TABLES = st.builds(
    Node,
    settings=SETTINGS,
    entries=st.dictionaries(WORDS, st.builds(Node, settings=SETTINGS, tables=st.dictionaries(KEYS, INNER, max_size=2))),
)


@given(TABLES)
def test_a_table_that_is_written_is_read_back_whole(node: Node):
    assert parse("\n".join(lines_of("firewall policy", node)), "x") == {"firewall policy": node}


def test_words_are_told_apart_by_blanks_quotes_and_escapes():
    line = r'set name "a \"quoted\" word" plain es\ caped "back\\slash"'
    assert tokens(line) == ["set", "name", 'a "quoted" word', "plain", "es caped", "back\\slash"]


def test_what_changes_by_itself_is_left_out_and_secrets_are_hidden():
    text = (
        "#config-version=FG91G-7.4.7\n#conf_file_ver=1\nconfig system global\n    set cfg-revert-timeout 60\n"
        "    set cfg-save revert\n    set hostname x\nend\nconfig system admin\n    edit gwops\n"
        "        config login-time\n            edit gwops\n                set last-login 2026\n            next\n"
        "        end\n        set password ENC abc== def\n    next\nend\n"
    )
    assert stable(text) == (
        "config system global\n    set hostname x\nend\nconfig system admin\n    edit gwops\n"
        "        set password <hidden>\n    next\nend\n"
    )
