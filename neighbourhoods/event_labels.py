"""What an event of this app says in words, for the log and for what happened lately."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from neighbourhoods.words import role_label


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
            return _("Meeting planned: %(title)s") % {"title": data.get("title", "")}
        case "change_meeting":
            return _("Meeting changed: %(title)s") % {"title": data.get("title", "")}
        case "cancel_meeting":
            return _("Meeting called off: %(title)s") % {"title": data.get("title", "")}
        case "plan_round":
            return _("Round planned: %(name)s") % {"name": data.get("name", "")}
        case "change_round":
            return _("Round changed: %(name)s") % {"name": data.get("name", "")}
    return event.kind


def _role(data):
    return role_label(data.get("role", ""))


def _day(iso):
    try:
        return date_format(datetime.date.fromisoformat(iso), "j F Y")
    except ValueError:
        return iso
