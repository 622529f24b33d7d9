"""docs/operations.md and wijkportaal/settings.py name the same environment variables, with the same defaults."""

import ast
import re
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
READERS = {"env_str", "env_bool", "env_int", "env_list"}


def read_by_settings():
    """{name: its plain default, None when it is required, or ... when it is worked out}."""
    found = {}
    for node in ast.walk(ast.parse((HOUSE / "wijkportaal" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in READERS:
            name = node.args[0].value
            default = None if len(node.args) == 1 else node.args[1]
            if default is not None:
                default = default.value if isinstance(default, ast.Constant) else ...
            # SECRET_KEY is read in two ways: what holds outside development (no default) counts.
            if name not in found or default is None:
                found[name] = default
    return found


def told_in_table():
    text = (HOUSE / "docs" / "operations.md").read_text()
    return dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", text, flags=re.MULTILINE))


def test_the_table_names_what_the_settings_read():
    assert told_in_table().keys() == read_by_settings().keys()


def test_the_table_tells_the_defaults():
    told = told_in_table()
    for name, default in read_by_settings().items():
        if default is None:
            expected = r"\*required\*"
        elif default is ...:
            expected = r"\*.+\*"
        elif default == "":
            expected = r"\*empty\*"
        else:
            expected = re.escape(f"`{int(default) if isinstance(default, bool) else default}`")
        assert re.fullmatch(expected, told[name]), f"{name}: the table says {told[name]}, the settings say {default!r}"


def test_no_other_file_reads_the_environment():
    allowed = {"wijkportaal/env.py", "wijkportaal/settings.py"}
    rooms = ("accounts", "budgets", "council", "neighbourhoods", "proposals", "wijkportaal")
    readers = {
        str(path.relative_to(HOUSE))
        for room in rooms
        for path in (HOUSE / room).rglob("*.py")
        if re.search(r"os\.environ\[|os\.environ\.get|os\.getenv|\benv_(?:str|bool|int|list)\(", path.read_text())
    }
    assert readers <= allowed
