"""Borders: read strictly, simplified without tearing neighbours apart, drawn as they lie."""

import json
import math
import random
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourhoods.geo import Feature, GeoError, read_features, simplify, to_svg_paths

TOWN = (Path(__file__).parents[2] / "neighbourhoods" / "data" / "voorbeeldstad.geojson").read_bytes()
SQUARE = [[5, 52], [5.01, 52], [5.01, 52.01], [5, 52.01], [5, 52]]


def feature(code="WK1", name="Een", ring=SQUARE, **changes):
    properties = {"code": code, "name": name}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    } | changes


def collection(*features, **changes):
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | changes).encode()


def rings_of(one):
    geometry = one.geometry
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def segments(features):
    """How often each piece of border is used; a shared one twice."""
    return Counter(
        frozenset((tuple(a), tuple(b))) for one in features for ring in rings_of(one) for a, b in pairwise(ring)
    )


def area(ring):
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring)) / 2


def is_inside(x, y, ring):
    crossings = 0
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            crossings += 1
    return crossings % 2 == 1


def drawn_rings(d):
    rings = []
    for part in d.split("M")[1:]:
        assert part.endswith("z")
        x, y, *steps = map(int, re.findall(r"-?\d+", part))
        ring = [(x, y)]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append([*ring, ring[0]])
    return rings


def honeycomb(columns, rows, points_per_side, seed=1):
    """Wijken with ragged shared borders, as detailed as the files of CBS."""
    luck = random.Random(seed)
    corners = {
        (i, j): (5 + i * 0.01 + luck.uniform(-0.003, 0.003), 52 + j * 0.008 + luck.uniform(-0.002, 0.002))
        for i in range(columns + 1)
        for j in range(rows + 1)
    }
    sides = {}

    def ragged(a, b, depth):
        if not depth:
            return [b]
        away = math.dist(a, b) * luck.uniform(-0.15, 0.15)
        length = math.dist(a, b)
        middle = (
            (a[0] + b[0]) / 2 - (b[1] - a[1]) / length * away,
            (a[1] + b[1]) / 2 + (b[0] - a[0]) / length * away,
        )
        return ragged(a, middle, depth - 1) + ragged(middle, b, depth - 1)

    def side(a, b):
        if (b, a) in sides:
            return sides[b, a][::-1]
        if (a, b) not in sides:
            start, end = corners[a], corners[b]
            sides[a, b] = [start, *ragged(start, end, round(math.log2(points_per_side)))]
        return sides[a, b]

    found = []
    for i in range(columns):
        for j in range(rows):
            round_trip = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1), (i, j)]
            ring = [corners[i, j]]
            for a, b in pairwise(round_trip):
                ring += side(a, b)[1:]
            found.append(feature(f"WK{i:02}{j:02}", f"Wijk {i} {j}", ring))
    return read_features(collection(*found))


# --- Reading ---------------------------------------------------------------------------------------------------------


def test_a_simple_file_is_read():
    (one,) = read_features(b"\xef\xbb\xbf" + collection(feature(name="  Het   Oude\nNoord ")))
    assert (one.code, one.name, one.slug) == ("WK1", "Het Oude Noord", "het-oude-noord")
    assert one.geometry == {"type": "Polygon", "coordinates": [SQUARE]}
    assert json.loads(json.dumps(one.geometry)) == one.geometry


@pytest.mark.parametrize(
    "properties",
    [
        {"wijkcode": "WK1", "wijknaam": "Een", "gemeentecode": "GM1", "gemeentenaam": "Stad"},
        {"WK_CODE": "WK1", "WK_NAAM": "Een", "GM_CODE": "GM1"},
        {"statcode": "WK1", "statnaam": "Een", "jrstatcode": "2025WK1"},
        {"buurtcode": "WK1", "buurtnaam": "Een", "wijkcode": "WK0"},
        {"bu_code": "WK1", "bu_naam": "Een", "wk_code": "WK0"},
        {"code": "WK1", "name": "Een"},
        {"Code": "WK1", "Naam": "Een"},
        {"code": "WK1", "wijknaam": "Een"},
    ],
)
def test_code_and_name_are_found_where_cbs_and_others_put_them(properties):
    (one,) = read_features(collection(feature(properties=properties)))
    assert (one.code, one.name) == ("WK1", "Een")
    assert one.properties == properties


def test_a_code_may_be_a_number_and_a_name_come_twice():
    found = read_features(collection(feature(1, "Één"), feature(2, "een"), feature(3, "中心")))
    assert [one.code for one in found] == ["1", "2", "3"]
    assert [one.slug for one in found] == ["een", "een-2", "3"]


def test_what_cbs_marks_as_water_is_no_wijk():
    water = feature("WK1", "Water", properties={"code": "WK1", "name": "Water", "water": "JA"})
    land = feature("WK1", "Land", properties={"code": "WK1", "name": "Land", "water": "NEE"})
    assert [one.name for one in read_features(collection(water, land))] == ["Land"]


def test_several_parts_holes_and_heights_are_read():
    hole = [[5.002, 52.002], [5.004, 52.004], [5.004, 52.002], [5.002, 52.002]]
    island = [[5.02, 52, 1.5], [5.03, 52, 2], [5.03, 52.01, 0], [5.02, 52, 1.5]]
    geometry = {"type": "MultiPolygon", "coordinates": [[SQUARE, hole], [island]]}
    (one,) = read_features(collection(feature(geometry=geometry)))
    assert [len(ring) for ring in rings_of(one)] == [5, 4, 4]
    assert rings_of(one)[2][0] == [5.02, 52]


def test_coordinates_of_the_national_grid_are_read_and_drawn_without_stretching():
    ring = [[207000, 474000], [208000, 474000], [208000, 475000], [207000, 475000], [207000, 474000]]
    (one,) = read_features(collection(feature(ring=ring)))
    box, ((_code, d, label),) = to_svg_paths([one], 1000, margin=0)
    assert box == "0 0 1000 1000"
    assert set(*map(frozenset, drawn_rings(d))) == {(0, 0), (1000, 0), (1000, 1000), (0, 1000)}
    assert label == (500, 500)


def geometry(kind, coordinates):
    return {"geometry": {"type": kind, "coordinates": coordinates}}


def moved(place, point):
    return [*SQUARE[:place], point, *SQUARE[place + 1 :]]


REFUSED_FEATURES = [
    (feature(properties={"name": "Een"}), "no code"),
    (feature(properties={"code": "", "name": "Een"}), "no code"),
    (feature(properties={"code": None, "name": "Een"}), "no code"),
    (feature(properties={"code": "WK1"}), "no name"),
    (feature(properties=None), "not a Feature with properties"),
    (feature(type="Polygon"), "not a Feature with properties"),
    ("x", "not a Feature with properties"),
    (feature(code="WK0"), "code WK0 is also that of feature 1"),
    (feature(code="W" * 21), "code is longer than 20"),
    (feature(name="W" * 81), "name is longer than 80"),
    (feature(name="E\x00n"), "cannot be shown"),
    (feature(name="E\ud800n"), "cannot be shown"),
    (feature(geometry=None), "no geometry"),
    (feature(geometry=5), "nothing known"),
    (feature(**geometry("Point", [5, 52])), "geometry is Point"),
    (feature(**geometry("MultiPolygon", [])), "no geometry"),
    (feature(**geometry("Polygon", [])), "without rings"),
    (feature(**geometry("Polygon", None)), "without rings"),
    (feature(**geometry("Polygon", [5])), "no list of points"),
    (feature(**geometry("Polygon", [[]])), "ring of 0 points"),
    (feature(ring=SQUARE[:2] + SQUARE[-1:]), "ring of 3 points"),
    (feature(ring=SQUARE[:-1]), "not closed"),
    (feature(ring=[SQUARE[0]] * 5), "without area"),
    (feature(ring=[[5, 52], [5.1, 52.1], [5.2, 52.2], [5, 52]]), "without area"),
    (feature(ring=[[5.3, 52.7], [5.4, 52.8], [5.7, 53.1], [5.3, 52.7]]), "without area"),
    (feature(ring=moved(1, [5])), "point 2 of a ring is not two numbers"),
    (feature(ring=moved(1, ["5", 52])), "point 2 of a ring is not two numbers"),
    (feature(ring=moved(1, [True, 52])), "point 2 of a ring is not two numbers"),
    (feature(ring=moved(1, [5, None])), "point 2 of a ring is not two numbers"),
    (feature(ring=moved(2, [math.nan, 52])), "point 3 of a ring is not a finite number"),
    (feature(ring=moved(2, [5, math.inf])), "point 3 of a ring is not a finite number"),
    (feature(ring=moved(2, [5, 91])), "point 3 of a ring, 5, 91, is out of range for degrees"),
    (feature(ring=moved(2, [10**400, 52])), "a huge number, 52, is out of range"),
    (feature(ring=moved(2, [207000, 474000])), "out of range for degrees"),
]


@pytest.mark.parametrize(("wrong", "reason"), REFUSED_FEATURES)
def test_a_wrong_feature_is_named_with_the_reason(wrong, reason):
    with pytest.raises(GeoError) as refusal:
        read_features(collection(feature("WK0", "Nul"), wrong))
    assert reason in refusal.value.reason
    assert refusal.value.index == 2
    assert str(refusal.value).startswith("Feature 2")
    if isinstance(wrong, dict) and wrong["properties"] == {"code": "WK1", "name": "Een"} and "geometry" in wrong:
        assert "Een" in refusal.value.name or "properties" in reason


def test_metres_and_degrees_do_not_mix():
    metres = [[207000, 474000], [208000, 474000], [208000, 475000], [207000, 474000]]
    with pytest.raises(GeoError, match=r"Feature 2 \(Een, WK1\): .* is out of range for metres"):
        read_features(collection(feature("WK0", ring=metres), feature()))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not JSON"),
        (b"<html>", "not JSON"),
        (b"\xff\xfe", "not UTF-8: byte 0xff at place 0"),
        (b"[" * 100_000, "not "),
        (b"1" * 5_000, "not "),
        (b"[]", "not a GeoJSON FeatureCollection"),
        (b"null", "not a GeoJSON FeatureCollection"),
        (json.dumps(feature()).encode(), "not a GeoJSON FeatureCollection"),
        (collection(), "without features"),
        (collection(features=None), "without features"),
        (collection(*[feature()] * 2_001), "at most 2000"),
        (collection(feature(properties={"code": "1", "name": "x", "water": "ja"})), "only water"),
    ],
)
def test_a_file_that_is_no_map_is_refused(data, reason):
    with pytest.raises(GeoError, match=reason) as refusal:
        read_features(data)
    assert refusal.value.index is None


@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data):
    whole = collection(feature("WK0"), feature("WK1"))
    place = data.draw(st.integers(0, len(whole) - 1))
    try:
        read_features(whole[:place] + data.draw(st.binary(max_size=3)) + whole[place + 1 :])
    except GeoError as refusal:
        assert str(refusal)  # noqa: PT017 - both outcomes are right


# --- Simplifying -----------------------------------------------------------------------------------------------------


def test_neighbours_keep_the_same_border_after_simplifying():
    whole = honeycomb(6, 4, 128)
    simple = simplify(whole, points=600)
    before, after = segments(whole), segments(simple)
    assert sum(before.values()) > 12_000
    assert len(after) <= 640
    assert set(after.values()) == set(before.values()) == {1, 2}
    # What is used once is the coast: it must still be one closed line around all wijken together.
    ends = Counter(end for segment, times in after.items() if times == 1 for end in segment)
    assert set(ends.values()) == {2}
    total = sum(abs(area(ring)) for one in whole for ring in rings_of(one))
    assert sum(abs(area(ring)) for one in simple for ring in rings_of(one)) == pytest.approx(total, rel=0.01)
    assert [(one.code, one.name, one.slug) for one in simple] == [(one.code, one.name, one.slug) for one in whole]


def test_simplifying_without_need_changes_no_shape():
    whole = read_features(TOWN)
    assert segments(simplify(whole, points=10_000)) == segments(whole)


def test_points_left_are_points_that_were_there():
    whole = honeycomb(3, 2, 64)
    points = {tuple(point) for one in whole for ring in rings_of(one) for point in ring}
    assert {tuple(point) for one in simplify(whole, points=40) for ring in rings_of(one) for point in ring} <= points


@pytest.mark.parametrize("points", [0, 1, 10, 100])
def test_no_wijk_vanishes_however_few_points_are_allowed(points):
    for whole in (honeycomb(4, 3, 32), read_features(TOWN)):
        for one in simplify(whole, points=points):
            for ring in rings_of(one):
                assert ring[0] == ring[-1]
                assert len(ring) >= 4
                assert abs(area(ring)) > 0


def circle(x, y, radius, points=200):
    ring = [
        [x + radius * math.cos(2 * math.pi * i / points), y + radius * math.sin(2 * math.pi * i / points)]
        for i in range(points)
    ]
    return [*ring, ring[0]]


def test_a_wijk_inside_another_still_fits_its_hole():
    lake = circle(5.005, 52.005, 0.002)
    around = feature("WK1", "Rondom", **geometry("Polygon", [SQUARE, lake[::-1]]))
    inside = feature("WK2", "Binnen", ring=[*lake[70:-1], *lake[:71]])
    simple = simplify(read_features(collection(around, inside)), points=20)
    hole, island = rings_of(simple[0])[1], rings_of(simple[1])[0]
    assert 4 <= len(hole) < 30
    assert segments([simple[1]]) == Counter(frozenset((tuple(a), tuple(b))) for a, b in pairwise(hole))
    assert {tuple(point) for point in hole} == {tuple(point) for point in island}


# --- Drawing ---------------------------------------------------------------------------------------------------------


def test_north_is_up_and_a_degree_east_is_shorter_than_a_degree_north():
    south = feature("S", "Zuid", ring=[[5, 52], [5.02, 52], [5.02, 52.01], [5, 52.01], [5, 52]])
    north = feature("N", "Noord", ring=[[5, 52.01], [5.02, 52.01], [5.02, 52.02], [5, 52.02], [5, 52.01]])
    box, paths = to_svg_paths(read_features(collection(south, north)), 800, margin=0)
    assert box == f"0 0 800 {round(800 / math.cos(math.radians(52.01)))}"
    assert [code for code, _d, _label in paths] == ["S", "N"]
    assert paths[0][2][1] > paths[1][2][1]


def test_a_label_lies_inside_even_in_a_horseshoe():
    shoe = [[5, 52], [5.03, 52], [5.03, 52.03], [5.02, 52.03], [5.02, 52.01], [5.01, 52.01], [5.01, 52.03], [5, 52.03]]
    _box, ((_code, d, (x, y)),) = to_svg_paths(read_features(collection(feature(ring=[*shoe, shoe[0]]))))
    (ring,) = drawn_rings(d)
    assert is_inside(x, y, ring)
    middle_x, middle_y = sum(px for px, _ in ring[:-1]) / 8, sum(py for _, py in ring[:-1]) / 8
    assert not is_inside(middle_x, middle_y, ring)


def test_a_label_lies_in_the_largest_part_and_outside_its_hole():
    hole = circle(5.005, 52.005, 0.003)
    small = [[5.02, 52], [5.021, 52], [5.021, 52.001], [5.02, 52]]
    (one,) = read_features(collection(feature(**geometry("MultiPolygon", [[small], [SQUARE, hole]]))))
    _box, ((_code, d, (x, y)),) = to_svg_paths([one])
    outer, inner, _small = drawn_rings(d)
    assert is_inside(x, y, outer)
    assert not is_inside(x, y, inner)
    assert area(outer) * area(inner) < 0  # holes run the other way round


def test_a_wijk_too_small_to_see_is_still_there_to_be_reached():
    speck = [[5.005, 52.0111], [5.00501, 52.0111], [5.00501, 52.01111], [5.005, 52.0111]]
    _box, paths = to_svg_paths(read_features(collection(feature("A"), feature("B", ring=speck))), 100)
    assert re.fullmatch(r"M\d+ \d+l[-\d ]+z", paths[1][1])


def test_nothing_to_draw_is_an_error():
    with pytest.raises(ValueError, match="no features"):
        to_svg_paths([])


def test_twenty_four_detailed_wijken_become_a_small_picture():
    _box, paths = to_svg_paths(simplify(honeycomb(6, 4, 256)))
    assert 10_000 < sum(len(d) for _code, d, _label in paths) < 24_000


# --- The town of the demo --------------------------------------------------------------------------------------------


def test_voorbeeldstad_has_seven_wijken_that_fit_together():
    town = read_features(TOWN)
    assert [one.name for one in town] == [
        "Binnenstad", "Rivierenwijk", "Noorderveld", "Lindenkwartier", "Havenbuurt", "Oosterhof", "Dorp Zandlo",
    ]  # fmt: skip
    assert [one.code for one in town] == [f"WK99000{n}" for n in range(1, 8)]
    shared = segments(town)
    assert set(shared.values()) == {1, 2}
    assert sum(times == 2 for times in shared.values()) > 100


@pytest.mark.parametrize("points", [10_000, 1_500, 300])
def test_voorbeeldstad_is_drawn_with_every_label_in_its_own_wijk(points):
    town = [Feature(one.code, one.name, one.geometry) for one in simplify(read_features(TOWN), points=points)]
    box, paths = to_svg_paths(town)
    width, height = map(int, box.split()[2:])
    for _code, d, (x, y) in paths:
        (ring,) = drawn_rings(d)
        assert is_inside(x, y, ring)
        assert all(0 <= px <= width and 0 <= py <= height for px, py in ring)
    for index, (_code, _d, (x, y)) in enumerate(paths):
        assert not any(is_inside(x, y, drawn_rings(d)[0]) for place, (_c, d, _l) in enumerate(paths) if place != index)
    assert sum(len(d) for _code, d, _label in paths) < 6_000


def test_no_two_borders_of_voorbeeldstad_cross():
    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    for points in (10_000, 400):
        pieces = [tuple(piece) for piece in segments(simplify(read_features(TOWN), points=points))]
        for index, (a, b) in enumerate(pieces):
            for c, d in pieces[index + 1 :]:
                if len({a, b, c, d}) == 4 and side(a, b, c) * side(a, b, d) < 0:
                    assert side(c, d, a) * side(c, d, b) >= 0, (a, b, c, d)
