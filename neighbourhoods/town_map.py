"""The town as a picture: the shapes of its wijken, ready for an SVG. Worked out once, and again when something in a wijk changes."""

from dataclasses import dataclass

from django.core.cache import caches

from neighbourhoods.geo import Feature, to_svg_paths
from neighbourhoods.models import Neighbourhood, NeighbourhoodEvent

DAY_IN_SECONDS = 24 * 3600
WIDTH = 1000
NAME_SIZE, NUMBER_SIZE, DOT = 30, 44, 36  # in units of the SVG; a phone shows a thousand of them in 330 pixels
LETTER = 0.56  # the width of an average bold letter, as part of the size of the letters
MAX_WIJKEN = 60  # more than this is no picture but a carpet: the list does the work


@dataclass(frozen=True)
class Shape:
    """One wijk on the map: its path, where its label stands, and whether its name fits between its borders there."""

    path: str
    x: int
    y: int
    name_fits: bool


@dataclass(frozen=True)
class TownMap:
    view_box: str
    shapes: dict  # by the code of the wijk
    name_size: int = NAME_SIZE
    number_size: int = NUMBER_SIZE
    dot: int = DOT

    def places(self, things, neighbourhoods):
        """Pairs of thing and Shape, for those of `neighbourhoods` (of which each thing tells something) that have borders."""
        pairs = zip(things, neighbourhoods, strict=True)
        return [(thing, self.shapes[wijk.code]) for thing, wijk in pairs if wijk.code in self.shapes]


def town_map(neighbourhoods):
    """The map of `neighbourhoods`, or None when there is none to draw. One small query; the shapes come from the cache."""
    newest = NeighbourhoodEvent.objects.order_by("-id").values_list("id", flat=True).first()
    key = f"town_map:{newest}:{len(neighbourhoods)}"
    return caches["pages"].get_or_set(key, lambda: _draw(neighbourhoods) or "", DAY_IN_SECONDS) or None


def _draw(neighbourhoods):
    stored = Neighbourhood.objects.filter(pk__in=[wijk.pk for wijk in neighbourhoods], geometry__isnull=False)
    features = [
        Feature(code, name, geometry) for code, name, geometry in stored.values_list("code", "name", "geometry")
    ]
    if not 0 < len(features) <= MAX_WIJKEN:
        return None
    view_box, paths = to_svg_paths(features, WIDTH)
    shapes = {}
    for feature, (code, path, (x, y)) in zip(features, paths, strict=True):
        shapes[code] = Shape(path, x, y, _fits(feature.name, x, y, path))
    return TownMap(view_box, shapes)


def _fits(name, x, y, path):
    """Whether a line of letters around (x, y) stays between the borders of `path`: looked at along its upper and its lower edge."""
    half_width, half_height = len(name) * LETTER * NAME_SIZE / 2, NAME_SIZE / 2
    rings = _rings(path)
    for line in (y - half_height, y, y + half_height):
        crossings = sorted(
            ax + (line - ay) * (bx - ax) / (by - ay)
            for ring in rings
            for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True)
            if (ay > line) != (by > line)
        )
        left = max((at for at in crossings if at <= x), default=x)
        right = min((at for at in crossings if at > x), default=x)
        if x - left < half_width or right - x < half_width:
            return False
    return True


def _rings(path):
    """The points of a path as `to_svg_paths` writes it: M, a point, l, steps, z; for each ring."""
    rings = []
    for part in path.split("z")[:-1]:
        start, steps = part.removeprefix("M").split("l")
        x, y = map(int, start.split())
        numbers = [int(number) for number in steps.replace("-", " -").split()]
        ring = [(x, y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append(ring)
    return rings
