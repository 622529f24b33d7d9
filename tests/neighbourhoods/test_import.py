"""Wijken read in from a file: everything or nothing, and an error that names the feature."""

import json

import pytest
from django.core.management import CommandError, call_command

from neighbourhoods.models import Neighbourhood, NeighbourhoodEvent


def feature(code, name, x=0, **changes):
    square = [[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]
    return {
        "type": "Feature",
        "properties": {"wijkcode": code, "wijknaam": name},
        "geometry": {"type": "Polygon", "coordinates": [[[5 + a / 100, 52 + b / 100] for a, b in square]]},
    } | changes


@pytest.fixture
def write(tmp_path):
    def _write(*features):
        path = tmp_path / "wijken.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
        return str(path)

    return _write


def test_a_file_makes_wijken_and_a_second_time_updates_them(write, db, capsys):
    call_command("import_neighbourhoods", write(feature("WK01", "Centrum"), feature("WK02", "Haven", 1)))
    assert "2 made, 0 updated" in capsys.readouterr().out
    call_command("import_neighbourhoods", write(feature("WK01", "Oude Centrum"), feature("WK03", "Zuid", 2)))
    assert "1 made, 1 updated" in capsys.readouterr().out
    assert dict(Neighbourhood.objects.values_list("code", "name")) == {
        "WK01": "Oude Centrum",
        "WK02": "Haven",
        "WK03": "Zuid",
    }
    # An address that people know stays.
    assert Neighbourhood.objects.get(code="WK01").slug == "centrum"
    assert NeighbourhoodEvent.objects.filter(kind="import_neighbourhoods").count() == 2


def test_two_wijken_of_one_name_get_addresses_of_their_own(write, db):
    call_command("import_neighbourhoods", write(feature("WK01", "Zuid"), feature("WK02", "Zuid", 1)))
    assert set(Neighbourhood.objects.values_list("slug", flat=True)) == {"zuid", "zuid-wk02"}


def test_a_dry_run_keeps_nothing(write, db, capsys):
    call_command("import_neighbourhoods", write(feature("WK01", "Centrum")), dry_run=True)
    assert "1 would be made" in capsys.readouterr().out
    assert not Neighbourhood.objects.exists()
    assert not NeighbourhoodEvent.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (feature("WK02", "Haven", geometry=None), "Feature 2 (Haven, WK02): no geometry"),
        (feature("WK01", "Haven"), "Feature 2 (Haven): code WK01 is also that of feature 1"),
        (feature("", "Haven"), "Feature 2 (Haven): no code"),
        (feature("WK02", "H" * 90), "its name is longer than 80"),
        (
            feature("WK02", "Haven", geometry={"type": "Point", "coordinates": [5, 52]}),
            "Feature 2 (Haven, WK02): geometry is Point",
        ),
    ],
)
def test_one_wrong_feature_is_named_and_nothing_is_read_in(wrong, said, write, db):
    with pytest.raises(CommandError) as error:
        call_command("import_neighbourhoods", write(feature("WK01", "Centrum"), wrong))
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert not Neighbourhood.objects.exists()


def test_a_file_that_is_not_there_or_no_geojson_is_one_sentence(tmp_path, db):
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_neighbourhoods", str(tmp_path / "nergens.geojson"))
    path = tmp_path / "leeg.geojson"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="not UTF-8"):
        call_command("import_neighbourhoods", str(path))


def test_a_failure_half_way_leaves_nothing_behind(write, db, monkeypatch):
    saved = Neighbourhood.save

    def stumble(self, *args, **kwargs):
        if self.code == "WK02":
            raise RuntimeError("the disk is full")
        return saved(self, *args, **kwargs)

    monkeypatch.setattr(Neighbourhood, "save", stumble)
    with pytest.raises(RuntimeError):
        call_command("import_neighbourhoods", write(feature("WK01", "Centrum"), feature("WK02", "Haven", 1)))
    assert not Neighbourhood.objects.exists()
