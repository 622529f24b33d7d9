"""A table, described once: shown on a page (templates/components/table.html) and sent as CSV."""

import datetime
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format

from wijkportaal.csv_export import Cents, csv_response
from wijkportaal.money import format_euros


@dataclass(frozen=True)
class Column:
    label: str
    numeric: bool = False


def _on_one_line(text):
    return text.replace(" ", "\u00a0")


class Cell:
    """What stands in one place of a table: a value, and the page behind it if there is one."""

    def __init__(self, value, url=""):
        self.value, self.url = value, url

    @property
    def text(self):
        """The value as people read it."""
        match self.value:
            case None:
                return "–"
            case Cents():
                return format_euros(int(self.value))
            case datetime.datetime():
                return _on_one_line(date_format(timezone.localtime(self.value), "j F Y"))
            case datetime.date():
                return _on_one_line(date_format(self.value, "j F Y"))
        return str(self.value)

    def __str__(self):
        return self.text


@dataclass
class Table:
    """`id` is unique on the page; `rows` and `footer` hold Cells, the first of a row names it."""

    id: str
    caption: str
    columns: list
    rows: list = field(default_factory=list)
    footer: list | None = None

    def csv(self, filename):
        """The same rows as a download; totals are left to the reader's spreadsheet."""
        rows = ([cell.value for cell in row] for row in self.rows)
        return csv_response(filename, [column.label for column in self.columns], rows)
