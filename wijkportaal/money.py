"""Euros at the edges, integer cents everywhere else.

Nothing between the form and the page computes in euros: what people type becomes cents here, and cents become
text here. The notation is Dutch (`1.250,50`); a plain `1250.50` is understood as well. What could mean two things is
refused rather than guessed, with one exception that every Dutch reader makes too: `1.250` is a thousand.
"""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MAX_EUROS = 10**9
# Longer than any amount below MAX_EUROS with sign, groups and cents: keeps int() away from thousands of digits.
MAX_TYPED_LENGTH = 40

# Ordinary, no-break, figure, thin and narrow no-break space: what keyboards, spreadsheets and this site itself produce.
SPACES = " \t\r\n\u00a0\u2007\u2009\u202f"
MINUS_SIGNS = "-\u2010\u2011\u2012\u2013\u2212"

_UNIT = re.compile(rf"\A(?:(?:€|eur|euro)[{SPACES}]*)?(.*?)(?:[{SPACES}]*(?:€|eur|euro))?\Z", re.IGNORECASE | re.DOTALL)
_NO_CENTS_DASH = re.compile(r",[-–—]{1,2}\Z")
_GROUPS = r"[1-9][0-9]{0,2}(?:%s[0-9]{3})+"
_AMOUNTS = [
    re.compile(pattern)
    for pattern in (
        r"([0-9]+)(?:[.,]([0-9]{1,2}))?",  # 1250  1250,5  1250,50  1250.50
        rf"({_GROUPS % '[.]'})(?:,([0-9]{{1,2}}))?",  # 1.250  1.250,50
        rf"({_GROUPS % f'[{SPACES}]'})(?:[.,]([0-9]{{1,2}}))?",  # 1 250  1 250,50
        rf"({_GROUPS % ','})[.]([0-9]{{1,2}})",  # 1,250.50: English, and nothing else it could be
    )
]
_TOO_MANY_DECIMALS = re.compile(r"[0-9]+[.,][0-9]{3,}|.*[0-9],[0-9]{3,}", re.DOTALL)


def parse_euros(text):
    """Read an amount that a person typed.

    In: a string such as `1.250,50`, `1250,50`, `1250.50`, `€ 1.250`, `EUR 1250`, `1 250`, `25,-`; spaces around it
    are ignored. `1.250` is one thousand two hundred and fifty (Dutch); `1.25` and `1,25` are one euro and 25 cents.

    Out: integer cents, 0 or more and at most 10^9 euros.

    Raises ValidationError, with a message for the person who typed it and one of the codes `empty`,
    `null_characters_not_allowed`, `letters`, `negative`, `decimals`, `too_large`, `malformed`. `1,250` is refused
    (`decimals`): a Dutch reader sees one euro, an English one a thousand.
    """
    if "\x00" in text:
        raise ValidationError(
            _("This amount holds a character that cannot be read. Type it again."), code="null_characters_not_allowed"
        )
    text = text.strip(SPACES)
    if not text:
        raise ValidationError(_("Enter an amount."), code="empty")
    if len(text) > MAX_TYPED_LENGTH:
        raise ValidationError(_("This amount is too long. Use at most a billion euros."), code="too_large")
    negative = text[0] in MINUS_SIGNS
    text = text.lstrip(MINUS_SIGNS).strip(SPACES) if negative else text
    text = _UNIT.match(text)[1].strip(SPACES)
    if negative or text[:1] in tuple(MINUS_SIGNS):
        raise ValidationError(_("An amount cannot be less than zero."), code="negative")
    if any(character.isalpha() for character in text):
        raise ValidationError(_("Use digits only, for example 1.250 or 12,50."), code="letters")
    text = _NO_CENTS_DASH.sub("", text)
    for pattern in _AMOUNTS:
        if match := pattern.fullmatch(text):
            euros = int("".join(filter(str.isdecimal, match[1])))
            cents = euros * 100 + int((match[2] or "0").ljust(2, "0"))
            if cents > MAX_EUROS * 100:
                raise ValidationError(_("This amount is too large. Use at most a billion euros."), code="too_large")
            return cents
    if _TOO_MANY_DECIMALS.fullmatch(text):
        raise ValidationError(
            _("Use at most two digits after the comma. Write a thousand as 1.000 or 1000."), code="decimals"
        )
    raise ValidationError(_("This is not an amount. Write it like 1.250 or 12,50."), code="malformed")


def format_euros(cents):
    """Write an amount for people to read, in the active language.

    In: whole cents (an int, or the whole Decimal that PostgreSQL gives for a sum).
    Out: Dutch `€ 1.200`, `€ 12,50`, `-€ 5` with a no-break space after the sign; English `€1,200`, `€12.50`, `-€5`.
    Cents appear only when there are any.

    Raises TypeError for a float, bool or None (an unknown amount is not zero: the page says so in words) and
    ValueError for parts of a cent.
    """
    english = (get_language() or "nl").startswith("en")
    number = _notation(cents, thousands=",", decimal=".") if english else _notation(cents, thousands=".", decimal=",")
    sign, number = ("-", number[1:]) if number.startswith("-") else ("", number)
    return f"{sign}€{number}" if english else f"{sign}€\u00a0{number}"


def _notation(cents, *, thousands, decimal):
    if isinstance(cents, bool) or not isinstance(cents, int | Decimal):
        raise TypeError(f"cents must be whole cents, not {cents!r}")
    if cents != int(cents):
        raise ValueError(f"cents must be whole cents, not {cents!r}")
    euros, rest = divmod(abs(int(cents)), 100)
    whole = f"{euros:,}".replace(",", thousands)
    return ("-" if cents < 0 else "") + whole + (f"{decimal}{rest:02}" if rest else "")


class EuroInput(forms.TextInput):
    """A text box for an amount; whatever arrives is text, so that an int is always cents and never something typed."""

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value if value is None else str(value)


class EuroField(forms.Field):
    """A form field for an amount in euros; its Python value is integer cents, or None when left empty.

    `min_cents` and `max_cents` are bounds in cents, both inclusive. `initial` is in cents and is shown in Dutch
    notation without the euro sign. What a person typed stays as typed when the form comes back with an error.
    """

    widget = EuroInput

    def __init__(self, *, min_cents=None, max_cents=None, **kwargs):
        self.min_cents, self.max_cents = min_cents, max_cents
        super().__init__(**kwargs)

    def to_python(self, value):
        if isinstance(value, int):  # the initial value of a disabled field
            return value
        if value is None or not value.strip(SPACES):
            return None
        return parse_euros(value)

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.min_cents is not None and value < self.min_cents:
            raise ValidationError(
                _("This amount is too small. Enter at least %(limit)s."),
                code="min_value",
                params={"limit": format_euros(self.min_cents)},
            )
        if self.max_cents is not None and value > self.max_cents:
            raise ValidationError(
                _("This amount is too large. Enter at most %(limit)s."),
                code="max_value",
                params={"limit": format_euros(self.max_cents)},
            )

    def prepare_value(self, value):
        return _notation(value, thousands=".", decimal=",") if isinstance(value, int) else value

    def has_changed(self, initial, data):
        if self.disabled:
            return False
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}
