"""The colours of a municipality: a short list of checked values, and the stylesheet made of them.

A municipality names eleven colours, not the hundreds of tokens of the design system: each one below says which `--basis-*` tokens it
fills in. Contrast is computed as in WCAG 2.2 (success criteria 1.4.3 and 1.4.11); a set in which a pair falls short is refused, and the
pair is named. The stylesheet has the digest of its colours in its name, so that a browser may keep it forever.
"""

import hashlib
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

HEX = re.compile(r"#[0-9a-f]{6}")
TEXT, LINES = 4.5, 3.0
WHITE = "#ffffff"


@dataclass(frozen=True)
class Colour:
    """One colour that a municipality may choose: what it is called, what it is without a choice, and the tokens it fills in."""

    label: str
    default: str
    tokens: tuple


def _accent(*names):
    """Tokens of the family of the site's own colour, and those of links and buttons that follow it."""
    return tuple(f"accent-1-{name}" for name in names)


COLOURS = {
    "main": Colour(
        gettext_lazy("main colour: the bar at the top, buttons and links"),
        "#0f5f68",
        _accent("inverse-bg-default", "color-default", "border-hover", "border-active"),
    ),
    "main_dark": Colour(
        gettext_lazy("darker: a button under the mouse"),
        "#0a474e",
        _accent("inverse-bg-hover", "inverse-bg-active", "inverse-bg-document", "color-hover", "color-active"),
    ),
    "main_darkest": Colour(
        gettext_lazy("darkest: the foot of the page and large headings"),
        "#062c31",
        _accent("inverse-bg-subtle", "color-document"),
    ),
    "line": Colour(gettext_lazy("lines and small pictures"), "#2a7780", _accent("border-default", "color-subtle")),
    "soft": Colour(
        gettext_lazy("soft: houses in the picture"), "#97c8cd", _accent("border-subtle", "inverse-border-default")
    ),
    "tint": Colour(
        gettext_lazy("tint: neighbourhoods on the map"),
        "#c6e1e4",
        _accent("bg-hover", "bg-active", "inverse-color-subtle"),
    ),
    "light": Colour(gettext_lazy("light: boxes that ask for action"), "#e2f0f1", _accent("bg-default")),
    "lightest": Colour(gettext_lazy("lightest: boxes and filters"), "#f2f8f8", _accent("bg-subtle")),
    "second": Colour(gettext_lazy("second colour: small accents"), "#f0b43c", ("accent-2-border-default",)),
    "second_light": Colour(gettext_lazy("second colour, light: what runs now"), "#fdf0d2", ("accent-2-bg-default",)),
    "second_text": Colour(gettext_lazy("second colour, as text"), "#6b4a06", ("accent-2-color-default",)),
}

# What stands on what, and the least contrast it needs.
PAIRS = [
    ("white", "main", TEXT),
    ("white", "main_dark", TEXT),
    ("white", "main_darkest", TEXT),
    ("white", "line", TEXT),
    ("main", "lightest", TEXT),
    ("main", "light", TEXT),
    ("main_dark", "tint", TEXT),
    ("main_darkest", "tint", TEXT),
    ("tint", "main_darkest", TEXT),
    ("second_text", "second_light", TEXT),
    ("line", "lightest", LINES),
    ("second", "main", LINES),
]


@dataclass(frozen=True)
class Contrast:
    """How well one colour stands out on another. `ratio` is between 1 and 21, `wanted` the least that will do."""

    foreground: str
    background: str
    front_label: str
    back_label: str
    ratio: float
    wanted: float

    @property
    def is_enough(self):
        return self.ratio >= self.wanted

    @property
    def shown(self):
        """The ratio for a reader; rounded down, because 4.49 must not look like 4.5."""
        return number_format(int(self.ratio * 10) / 10, 1)


def luminance(colour):
    """The relative luminance (0 to 1) of `#rrggbb`, as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """The contrast ratio (1 to 21) of two colours `#rrggbb`, as WCAG 2.2 defines it."""
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def complete(colours):
    """`colours` with the site's own values where the municipality chose none."""
    return {name: colours.get(name) or colour.default for name, colour in COLOURS.items()}


def contrasts(colours):
    """Every pair that meets on a page, as a list of Contrast."""
    values = complete(colours) | {"white": WHITE}
    labels = {name: str(colour.label) for name, colour in COLOURS.items()} | {"white": _("white")}
    return [
        Contrast(
            values[front], values[back], labels[front], labels[back], contrast(values[front], values[back]), wanted
        )
        for front, back, wanted in PAIRS
    ]


def check_colours(colours):
    """The chosen colours in lower case, without empty ones. Raises ValidationError naming the value or the pair that won't do."""
    if unknown := sorted(colours.keys() - COLOURS.keys()):
        raise ValidationError(_("There is no colour called %(name)s.") % {"name": unknown[0]})
    chosen = {name: value.strip().lower() for name, value in colours.items() if value and value.strip()}
    wrong = [name for name, value in chosen.items() if not HEX.fullmatch(value)]
    if wrong:
        raise ValidationError({name: _("Write a colour as # and six digits, like #0f5f68.") for name in wrong})
    problems = [
        _(
            "“%(front)s” (%(front_value)s) does not stand out enough on “%(back)s” (%(back_value)s): "
            "the contrast is %(ratio)s, and it must be %(wanted)s or more."
        )
        % {
            "front": pair.front_label,
            "front_value": pair.foreground,
            "back": pair.back_label,
            "back_value": pair.background,
            "ratio": pair.shown,
            "wanted": number_format(pair.wanted, 1),
        }
        for pair in contrasts(chosen)
        if not pair.is_enough
    ]
    if problems:
        raise ValidationError(problems)
    return chosen


def stylesheet(colours):
    """The CSS text that lays `colours` over the site's own theme. Values that are no colour never come in."""
    rules = [
        f"  --basis-color-{token}: {colours[name]};\n"
        for name, colour in COLOURS.items()
        if HEX.fullmatch(colours.get(name, ""))
        for token in colour.tokens
    ]
    return ".gemeente-theme {\n" + "".join(rules) + "}\n"


def stylesheet_hash(colours):
    """What the stylesheet is called by: 16 hexadecimal digits that change with every colour."""
    return hashlib.sha256(stylesheet(colours).encode()).hexdigest()[:16]
