"""What an event of this app says in words, for the log and for what happened lately."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from neighbourhoods import words


def describe(event):
    """One sentence about a NeighbourhoodEvent: what was done, to what."""
    data = event.data
    match event.kind:
        case "change_municipality":
            return _("Words or colours of the municipality changed")
        case "change_theme":
            return _("Theme saved: %(name)s") % {"name": data.get("name", "")}
        case "import_neighbourhoods":
            return _("Neighbourhoods read in: %(made)s new, %(updated)s updated") % {
                "made": data.get("made", 0),
                "updated": data.get("updated", 0),
            }
        case "grant_role":
            return _("Role given: %(role)s") % {"role": _role(data)}
        case "end_role":
            return _("Role ended: %(role)s, last day %(day)s") % {
                "role": _role(data),
                "day": _day(data.get("ends_on", "")),
            }
        case "plan_meeting":
            return _("Meeting planned: %(title)s") % {"title": _with_moment(data)}
        case "change_meeting":
            return _("Meeting changed: %(title)s") % {"title": _with_moment(data)}
        case "cancel_meeting":
            return _("Meeting called off: %(title)s") % {"title": data.get("title", "")}
        case "plan_round":
            return _("Round planned: %(name)s") % {"name": _with_days(data)}
        case "change_round":
            return _("Round changed: %(name)s") % {"name": _with_days(data)}
    return event.kind


def _role(data):
    return words.role_label(data.get("role", ""))


def _day(iso):
    try:
        return date_format(datetime.date.fromisoformat(iso), "j F Y")
    except ValueError:
        return iso


def _with_moment(data):
    """A meeting with its moment, so that the log shows what was moved."""
    title, starts_at = data.get("title", ""), data.get("starts_at")
    return f"{title}, {words.day_and_time(datetime.datetime.fromisoformat(starts_at))}" if starts_at else title


def _with_days(data):
    """A round with its first and last day."""
    name, first, last = data.get("name", ""), data.get("ideas_from"), data.get("choose_until")
    if not first or not last:
        return name
    first, last = (datetime.datetime.fromisoformat(moment) for moment in (first, last))
    return f"{name}, {words.since(first)} {words.until(last)}"
