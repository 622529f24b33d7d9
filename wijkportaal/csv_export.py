"""Tables as CSV files that open rightly in a Dutch spreadsheet: semicolons, a decimal comma, UTF-8 with its mark."""

import csv
import datetime

from django.http import StreamingHttpResponse
from django.utils import timezone

BYTE_ORDER_MARK = "\ufeff"
# A spreadsheet takes a text that starts with one of these for a formula (OWASP, "CSV Injection"): a quote before it keeps it a text.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Cents(int):
    """An amount in cents; in the file it is euros: 1234,50."""


def cell(value):
    """The text of one cell: plain numbers for amounts and counts, ISO for dates, nothing for None, guarded text for the rest."""
    if value is None:
        return ""
    if isinstance(value, Cents):
        euros, rest = divmod(abs(value), 100)
        return f"{'-' if value < 0 else ''}{euros},{rest:02}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


class _Echo:
    """What csv.writer writes to: it hands each line back."""

    def write(self, line):
        return line


def lines(header, rows):
    """The lines of the file, one by one: `header` is a list of texts, each of `rows` a list of values (see cell)."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield BYTE_ORDER_MARK + writer.writerow([cell(value) for value in header])
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def csv_response(filename, header, rows):
    """A download called `filename` (plain letters, made here), written while it is sent."""
    response = StreamingHttpResponse(lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
