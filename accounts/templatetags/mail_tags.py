"""Filters for mails, which are plain text."""

import datetime

from django import template

register = template.Library()


@register.filter
def one_line(text):
    """`text` without line breaks: for subjects, and for titles and names inside a sentence."""
    return " ".join(str(text).split())


@register.filter
def quoted(text):
    """`text` as people quote in a mail: each line behind a `>`."""
    return "\n".join(f"> {line}".rstrip() for line in str(text).strip().splitlines())


@register.filter
def iso_date(text):
    """The date in `text` (like 2026-10-01, as events keep it); None when there is none."""
    try:
        return datetime.date.fromisoformat(str(text))
    except ValueError:
        return None
