"""How roles, days and windows of time are said in this town. The templates have them as filters."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from neighbourhoods.context_processors import the_municipality
from neighbourhoods.models import Role


def role_label(role):
    """What a role is called in this town: the town's own word (in Dutch), else the usual one. Takes a role or a Membership."""
    role = getattr(role, "role", role)
    if role not in Role.values:
        return role
    municipality = the_municipality()
    own = municipality.role_labels.get(role) if municipality and get_language() == "nl" else ""
    return own or Role(role).label


def until(moment):
    """The end of a half-open window, as people say it: “tot en met 31 oktober 2026”, or with a time when it doesn't end at midnight."""
    local = timezone.localtime(moment)
    if local.time() == datetime.time.min:
        return _("until and including %(day)s") % {
            "day": date_format(local.date() - datetime.timedelta(days=1), "j F Y")
        }
    return _("until %(moment)s") % {"moment": day_and_time(moment)}


def since(moment):
    """The start of a window: “vanaf 1 oktober 2026”, or with a time when it doesn't start at midnight."""
    local = timezone.localtime(moment)
    if local.time() == datetime.time.min:
        return _("from %(day)s") % {"day": date_format(local.date(), "j F Y")}
    return _("from %(moment)s") % {"moment": day_and_time(moment)}


def day_and_time(moment):
    """“1 oktober 2026 om 19.30 uur”."""
    local = timezone.localtime(moment)
    return _("%(day)s at %(time)s") % {"day": date_format(local, "j F Y"), "time": date_format(local, "H.i")}


def clock(moment):
    """“19.30 uur”."""
    return _("%(time)s hrs") % {"time": date_format(timezone.localtime(moment), "H.i")}
