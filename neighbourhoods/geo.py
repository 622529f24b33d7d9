"""Borders of wijken: read from GeoJSON, simplified together, drawn as SVG paths. Plain Python without Django.

GeoJSON: RFC 7946. Coordinates may be degrees (WGS84) or metres of the Dutch national grid (RD, EPSG:28992); which of the
two is told by their size, because RD files say it in a member that RFC 7946 abolished. Nothing is converted: a map of
one town only needs a linear scale.
"""

import heapq
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

# Where the CBS "wijken en buurten" files of the past years, and simpler ones, keep code and name. The smallest area first:
# a file of buurten also tells in which wijk each lies.
CODE_AND_NAME = (
    ("buurtcode", "buurtnaam"),
    ("bu_code", "bu_naam"),
    ("wijkcode", "wijknaam"),
    ("wk_code", "wk_naam"),
    ("statcode", "statnaam"),
    ("code", "name"),
    ("code", "naam"),
)
MAX_FEATURES = 2_000
MAX_CODE_LENGTH, MAX_NAME_LENGTH = 20, 80

DEGREES, METRES = "degrees", "metres"
_BOUNDS = {DEGREES: (-180, -85, 180, 85), METRES: (-7_000, 289_000, 300_000, 629_000)}
_DECIMALS = {DEGREES: 7, METRES: 2}  # about a centimetre: makes shared points equal that differ by rounding only


class GeoError(ValueError):
    """The file cannot be used. `index` counts features from 1 (None: the whole file); `name` as far as it is known."""

    def __init__(self, reason, index=None, name=""):
        where = f"Feature {index}" + (f" ({name})" if name else "") + ": " if index else ""
        super().__init__(where + reason)
        self.reason, self.index, self.name = reason, index, name


@dataclass(frozen=True, slots=True)
class Feature:
    """One wijk. `geometry` is a GeoJSON Polygon or MultiPolygon with closed rings of [x, y]; it can go into a JSON column.

    `slug` is the name for in an address, other than those of the other features of the file.
    """

    code: str
    name: str
    geometry: Mapping[str, Any] = field(hash=False)
    properties: Mapping[str, Any] = field(default_factory=dict, hash=False)
    slug: str = ""


def read_features(data):
    """Read the wijken of a GeoJSON file.

    In: its bytes, UTF-8 with or without BOM: a FeatureCollection of Polygons and MultiPolygons with the properties of
    CBS (wijkcode and wijknaam, WK_CODE and WK_NAAM, statcode and statnaam, the same for buurten) or simply code and name.
    Features that CBS marks as water are skipped. A third coordinate (height) is dropped.

    Out: list of Feature, in the order of the file; coordinates rounded to about a centimetre.

    Raises GeoError that names the feature and says what is wrong.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise GeoError(f"not UTF-8: byte 0x{data[error.start]:02x} at place {error.start}") from None
    except RecursionError:
        raise GeoError("not GeoJSON: nested too deeply") from None
    except ValueError as error:
        raise GeoError(f"not JSON: {str(error)[:100]}") from None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise GeoError("not a GeoJSON FeatureCollection")
    items = document.get("features")
    if not isinstance(items, list) or not items:
        raise GeoError("a FeatureCollection without features")
    if len(items) > MAX_FEATURES:
        raise GeoError(f"{len(items)} features; at most {MAX_FEATURES} can be read")

    features, seen, slugs, unit = [], {}, set(), None
    for index, item in enumerate(items, 1):
        properties = item.get("properties") if isinstance(item, dict) else None
        if not isinstance(properties, dict) or item.get("type") != "Feature":
            raise GeoError("not a Feature with properties", index)
        if str(_lower(properties).get("water", "")).upper() == "JA":
            continue
        code, name = _code_and_name(properties, index)
        if code in seen:
            raise GeoError(f"code {code} is also that of feature {seen[code]}", index, name)
        seen[code] = index
        try:
            polygons, unit = _polygons(item.get("geometry"), unit)
        except _WrongShape as error:
            raise GeoError(str(error), index, f"{name}, {code}") from None
        slug = _slug(name, code, slugs)
        slugs.add(slug)
        features.append(Feature(code, name, _geometry(polygons), properties, slug))
    if not features:
        raise GeoError("only water: no wijk in it")
    return features


def simplify(features, *, points=1_500):
    """Leave out what a small map cannot show, keeping borders that two wijken share exactly the same in both.

    In: features, and how many points may be left in all borders together, each shared border counted once.
    Out: features with simplified geometries. No ring vanishes, so that many small islands can make it some more.

    Borders are split where three areas or a coast meet, and each piece is simplified once (Visvalingam, Whyatt,
    "Line generalisation by repeated elimination of points", 1993), the least visible points of the whole map first. Borders
    are shared only where both wijken have the same points, as in the files of CBS.
    """
    shapes = [[[_open(ring) for ring in polygon] for polygon in _coordinates(feature.geometry)] for feature in features]
    rings = [ring for polygons in shapes for polygon in polygons for ring in polygon]
    arcs_of_ring = _arcs(rings)
    arcs = dict.fromkeys(key for parts in arcs_of_ring for key, _backwards in parts)
    weights = {arc: _weights(arc) for arc in arcs}
    ends = sum(1 if arc[0] == arc[-1] else 2 for arc in arcs) // 2  # roughly: each junction ends three pieces
    inner = sorted((weight for arc in arcs for weight in weights[arc][1:-1]), reverse=True)
    budget = max(0, points - ends)
    least = inner[budget] if budget < len(inner) else -1.0
    keep = dict.fromkeys(arcs, 0)  # inner points kept whatever their weight, so that no ring collapses
    while True:
        simpler = {arc: _heaviest(arc, weights[arc], least, keep[arc]) for arc in arcs}
        drawn = [_join(parts, simpler) for parts in arcs_of_ring]
        collapsed = [
            key
            for parts, ring in zip(arcs_of_ring, drawn, strict=True)
            if _is_flat(ring)
            for key, _backwards in parts
            if keep[key] < len(key) - 2
        ]
        if not collapsed:
            break
        for key in set(collapsed):
            keep[key] += 1
    drawn = iter(drawn)
    return [
        replace(
            feature, geometry=_geometry([[[*(ring := next(drawn)), ring[0]] for _ in polygon] for polygon in polygons])
        )
        for feature, polygons in zip(features, shapes, strict=True)
    ]


def to_svg_paths(features, width=1000, *, margin=6):
    """Draw the wijken of one town.

    In: features that all have degrees or all have metres; the width of the picture and the free margin around it, in
    units of the SVG's own coordinates.

    Out: the value of `viewBox`; and per feature, in their order, its code, the `d` of one path in whole numbers and the point
    (x, y), in whole numbers, inside its largest part and far from its borders, for a label. North is up. Holes
    run the other way round than outer rings: every fill-rule gives the same picture.

    Raises ValueError without features.
    """
    if not features:
        raise ValueError("no features to draw")
    shapes = [_coordinates(feature.geometry) for feature in features]
    xs, ys = zip(
        *(point for polygons in shapes for polygon in polygons for ring in polygon for point in ring), strict=True
    )
    west, south, east, north = min(xs), min(ys), max(xs), max(ys)
    # A degree of longitude is shorter than one of latitude; metres are metres.
    stretch = math.cos(math.radians((south + north) / 2)) if _unit(xs[0], ys[0]) == DEGREES else 1.0
    scale = (width - 2 * margin) / ((east - west) * stretch)
    height = round((north - south) * scale) + 2 * margin

    def place(point):
        return round((point[0] - west) * stretch * scale) + margin, round((north - point[1]) * scale) + margin

    paths = []
    for feature, polygons in zip(features, shapes, strict=True):
        placed = [[_without_repeats(map(place, _open(ring))) for ring in polygon] for polygon in polygons]
        placed.sort(key=lambda polygon: -abs(_area(polygon[0])))
        visible = [polygon for polygon in placed if _area(polygon[0])] or placed[:1]
        d = "".join(
            _path(ring, clockwise=number == 0)
            for polygon in visible
            for number, ring in enumerate(polygon)
            if number == 0 or _area(ring)
        )
        paths.append((feature.code, d, _label_point(visible[0])))
    return f"0 0 {width} {height}", paths


# --- Reading ---------------------------------------------------------------------------------------------------------


class _WrongShape(ValueError):
    pass


def _lower(properties):
    return {str(key).lower(): value for key, value in properties.items()}


def _code_and_name(properties, index):
    lower = {
        key: " ".join(str(value).split())
        for key, value in _lower(properties).items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }
    names = [lower[key] for _code, key in CODE_AND_NAME if lower.get(key)]
    for code_key, name_key in CODE_AND_NAME:
        if not (code := lower.get(code_key)):
            continue
        name = lower.get(name_key) or (names[0] if names else "")
        if not name:
            raise GeoError(f"no name ({name_key}) for code {code[:MAX_CODE_LENGTH]}", index)
        if not (code + name).isprintable():
            raise GeoError("a character in its code or name cannot be shown", index)
        for what, text, limit in (("code", code, MAX_CODE_LENGTH), ("name", name, MAX_NAME_LENGTH)):
            if len(text) > limit:
                raise GeoError(f"its {what} is longer than {limit} characters", index, name[:MAX_NAME_LENGTH])
        return code, name
    raise GeoError("no code (wijkcode, WK_CODE, statcode or code)", index, names[0][:MAX_NAME_LENGTH] if names else "")


def _slug(name, code, taken):
    def plain(text):
        letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        return "-".join(re.findall(r"[a-z0-9]+", letters))

    slug = plain(name) or plain(code) or "wijk"
    slug = f"{slug[:50]}-{plain(code)}" if slug in taken else slug
    while slug in taken:
        slug += "-2"
    return slug


def _polygons(geometry, unit):
    """Out: polygons, each a list of closed rings, each a list of (x, y); and the unit of this file."""
    if geometry is None:
        raise _WrongShape("no geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _WrongShape(
            f"geometry is {kind if isinstance(kind, str) else 'nothing known'}; expected Polygon or MultiPolygon"
        )
    found = geometry.get("coordinates")
    found = [found] if kind == "Polygon" else found
    if not isinstance(found, list) or not found:
        raise _WrongShape("no geometry")
    polygons = []
    for polygon in found:
        if not isinstance(polygon, list) or not polygon:
            raise _WrongShape("a polygon without rings")
        rings = []
        for ring in polygon:
            points, unit = _ring(ring, unit)
            rings.append(points)
        polygons.append(rings)
    return polygons, unit


def _ring(ring, unit):
    if not isinstance(ring, list):
        raise _WrongShape("a ring that is no list of points")
    points = []
    for position in ring:
        if (
            not isinstance(position, list)
            or len(position) < 2
            or not all(isinstance(number, int | float) and not isinstance(number, bool) for number in position[:2])
        ):
            raise _WrongShape(f"point {len(points) + 1} of a ring is not two numbers")
        x, y = position[:2]
        if any(isinstance(number, float) and not math.isfinite(number) for number in (x, y)):
            raise _WrongShape(f"point {len(points) + 1} of a ring is not a finite number")
        unit = unit or _unit(x, y)
        west, south, east, north = _BOUNDS[unit]
        if not (west <= x <= east and south <= y <= north):
            raise _WrongShape(
                f"point {len(points) + 1} of a ring, {_number(x)}, {_number(y)}, is out of range for {unit}"
            )
        points.append((round(x, _DECIMALS[unit]), round(y, _DECIMALS[unit])))
    if len(points) < 4:
        raise _WrongShape(f"a ring of {len(points)} points; it needs 4, the last one the same as the first")
    if points[0] != points[-1]:
        raise _WrongShape("a ring that is not closed: its last point is not its first")
    points = _without_repeats(points[:-1])
    if _is_flat(points):
        raise _WrongShape("a ring without area")
    return [*points, points[0]], unit


def _unit(x, y):
    west, south, east, north = _BOUNDS[METRES]
    return METRES if west <= x <= east and south <= y <= north else DEGREES


def _number(value):
    return f"{value:.6g}" if abs(value) < 10**15 else "a huge number"


def _geometry(polygons):
    coordinates = [[[list(point) for point in ring] for ring in polygon] for polygon in polygons]
    if len(coordinates) == 1:
        return {"type": "Polygon", "coordinates": coordinates[0]}
    return {"type": "MultiPolygon", "coordinates": coordinates}


def _coordinates(geometry):
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


# --- Simplifying -----------------------------------------------------------------------------------------------------


def _open(ring):
    return [tuple(point) for point in ring[:-1]]


def _arcs(rings):
    """Split rings where their neighbourhoods change. Out: per ring a list of (arc, backwards); equal borders give equal arcs."""
    around = {}
    for ring in rings:
        for place, point in enumerate(ring):
            pair = frozenset((ring[place - 1], ring[(place + 1) % len(ring)]))
            around.setdefault(point, set()).add(pair)
    result = []
    for ring in rings:
        junctions = [place for place, point in enumerate(ring) if len(around[point]) > 1]
        if not junctions:  # an island, or the hole around it
            start = ring.index(min(ring))
            result.append([_either_way([*ring[start:], *ring[: start + 1]])])
            continue
        turned = [*ring[junctions[0] :], *ring[: junctions[0] + 1]]
        cuts = [*(place - junctions[0] for place in junctions), len(ring)]
        result.append([_either_way(turned[a : b + 1]) for a, b in pairwise(cuts)])
    return result


def _either_way(points):
    forwards, backwards = tuple(points), tuple(reversed(points))
    return (forwards, False) if forwards <= backwards else (backwards, True)


def _weights(arc):
    """Visvalingam's effective area of each point of an arc; its ends weigh infinitely."""
    weights = [math.inf] * len(arc)
    before, after = list(range(-1, len(arc) - 1)), list(range(1, len(arc) + 1))

    def triangle(place):
        return abs(_area((arc[before[place]], arc[place], arc[after[place]])))

    now = {place: triangle(place) for place in range(1, len(arc) - 1)}
    heap = [(area, place) for place, area in now.items()]
    heapq.heapify(heap)
    floor = 0.0
    while heap:
        area, place = heapq.heappop(heap)
        if now.get(place) != area:
            continue
        del now[place]
        floor = weights[place] = max(floor, area)
        a, b = before[place], after[place]
        after[a], before[b] = b, a
        for neighbour in (a, b):
            if neighbour in now:
                now[neighbour] = triangle(neighbour)
                heapq.heappush(heap, (now[neighbour], neighbour))
    return weights


def _heaviest(arc, weights, least, keep):
    kept = {place for place, weight in enumerate(weights) if weight > least}
    if len(kept) - 2 < keep:
        kept |= set(heapq.nlargest(keep + 2, range(len(arc)), key=weights.__getitem__))
    return [arc[place] for place in sorted(kept)]


def _join(parts, simpler):
    ring = []
    for key, backwards in parts:
        arc = simpler[key]
        ring.extend(arc[:0:-1] if backwards else arc[:-1])
    return ring


# --- Drawing ---------------------------------------------------------------------------------------------------------


def _area(ring):
    """Twice the signed area of an open ring; measured from its first point, where floats are precise."""
    x, y = ring[0]
    return sum((ax - x) * (by - y) - (bx - x) * (ay - y) for (ax, ay), (bx, by) in pairwise(ring[1:]))


def _is_flat(ring):
    # In degrees about a square centimetre; a rounding error in metres.
    return len(set(ring)) < 3 or abs(_area(ring)) < 1e-14


def _without_repeats(points):
    kept = []
    for point in points:
        if not kept or point != kept[-1]:
            kept.append(point)
    while len(kept) > 1 and kept[-1] == kept[0]:
        kept.pop()
    return kept


def _path(ring, *, clockwise):
    if (_area(ring) > 0) != clockwise:
        ring = ring[::-1]
    (x, y), steps = ring[0], []
    for nx, ny in ring[1:]:
        steps += [nx - x, ny - y]
        x, y = nx, ny
    numbers = "".join(f"{' ' if place and step >= 0 else ''}{step}" for place, step in enumerate(steps))
    return f"M{ring[0][0]} {ring[0][1]}l{numbers or '0 0'}z"


def _label_point(polygon):
    """The pole of inaccessibility, nearly: the way of https://github.com/mapbox/polylabel, a grid refined where it promises most."""
    outer = polygon[0]
    west, east = min(x for x, _ in outer), max(x for x, _ in outer)
    north, south = min(y for _, y in outer), max(y for _, y in outer)
    edges = [edge for ring in polygon for edge in zip(ring, (*ring[1:], ring[0]), strict=True)]
    size = min(east - west, south - north)
    if not size:
        return outer[0]

    def cell(x, y, half):
        depth = _depth(x, y, edges)
        return -(depth + half * math.sqrt(2)), -depth, x, y, half

    half = size / 2
    columns, rows = math.ceil((east - west) / size), math.ceil((south - north) / size)
    heap = [
        cell(west + (2 * i + 1) * half, north + (2 * j + 1) * half, half) for i in range(columns) for j in range(rows)
    ]
    heapq.heapify(heap)
    best = min(heap, key=lambda one: one[1])
    while heap:
        promise, _, x, y, half = heapq.heappop(heap)
        if -promise <= -best[1] + max(1, size / 100):
            break
        half /= 2
        for dx in (-half, half):
            for dy in (-half, half):
                new = cell(x + dx, y + dy, half)
                best = min(best, new, key=lambda one: one[1])
                heapq.heappush(heap, new)
    return round(best[2]), round(best[3])


def _depth(x, y, edges):
    """How far (x, y) is from the border; negative outside."""
    inside, nearest = False, math.inf
    for (ax, ay), (bx, by) in edges:
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
        dx, dy = bx - ax, by - ay
        along = max(0, min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy or 1)))
        nearest = min(nearest, (ax + along * dx - x) ** 2 + (ay + along * dy - y) ** 2)
    return math.sqrt(nearest) if inside else -math.sqrt(nearest)
