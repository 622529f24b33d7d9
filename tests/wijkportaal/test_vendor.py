"""The vendored stylesheets and fonts are what the manifest says, complete and with their licences."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text("utf-8"))


def test_every_vendored_file_has_the_recorded_checksum():
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == MANIFEST["files"]


def test_every_part_names_its_version_and_a_licence_we_may_use():
    assert MANIFEST["packages"]
    for package in MANIFEST["packages"]:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"]), package
        assert package["licence"] in {"EUPL-1.2", "OFL-1.1"}, package
        assert (VENDOR / package["in"]).exists(), package


def test_the_component_stylesheets_are_unchanged():
    css = (VENDOR / "components.css").read_text("utf-8")
    parts = dict(re.findall(r"/\*! (\S+) \*/\n(.*?)\n(?=/\*! |\Z)", css, flags=re.S))
    recorded = {p["name"]: p["sha256_of_part"] for p in MANIFEST["packages"] if p["in"] == "components.css"}
    assert {name: hashlib.sha256(part.encode()).hexdigest() for name, part in parts.items()} == recorded


@pytest.mark.parametrize("licence", ["EUPL-1.2.md", "OFL-1.1.txt"])
def test_licence_texts_are_shipped_and_named(licence):
    assert len((VENDOR / "licences" / licence).read_text("utf-8")) > 4000
    assert licence in (ROOT / "NOTICE").read_text("utf-8")


def test_the_theme_is_whole_and_without_tokens_of_other_libraries():
    theme = (VENDOR / "theme.css").read_text("utf-8")
    assert theme.count("{") == theme.count("}") == 1
    assert "--basis-color-accent-1-inverse-color-default:var(--voorbeeld-kleuren-wit)" in theme
    assert not re.search(r"--(ams|denhaag|lux|rhc|todo)-", theme)


@pytest.mark.parametrize("path", sorted((ROOT / "static").rglob("*.css")), ids=lambda path: path.name)
def test_stylesheets_ask_nothing_of_other_places(path):
    css = path.read_text("utf-8")
    assert "sourceMappingURL" not in css
    for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", css):
        assert address.startswith("data:") or (path.parent / address).exists(), address


def test_first_visit_is_light_enough():
    """Stylesheets and the Latin font, compressed, leave room for a page within 150 kB."""
    import gzip

    css = b"".join(
        (ROOT / "static" / name).read_bytes()
        for name in ["vendor/components.css", "vendor/theme.css", "css/wijkportaal.css"]
    )
    font = (VENDOR / "fonts" / "open-sans-latin-wght-normal.woff2").stat().st_size
    assert len(gzip.compress(css)) + font < 110_000
