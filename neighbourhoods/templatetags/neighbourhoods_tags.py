"""How wijken, roles and dates are said on a page, and the panels other pages borrow from this app."""

import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from neighbourhoods import words
from neighbourhoods.forms.calendar import HomeForm
from neighbourhoods.models import Membership, Role

register = template.Library()
register.filter("role_label", words.role_label)


@register.filter
def until(moment):
    """The end of a half-open window, as people say it: “tot en met 31 oktober 2026”, or with a time when it doesn't end at midnight."""
    local = timezone.localtime(moment)
    if local.time() == datetime.time.min:
        return _("until and including %(day)s") % {
            "day": date_format(local.date() - datetime.timedelta(days=1), "j F Y")
        }
    return _("until %(moment)s") % {"moment": day_and_time(moment)}


@register.filter
def since(moment):
    """The start of a window: “vanaf 1 oktober 2026”, or with a time when it doesn't start at midnight."""
    local = timezone.localtime(moment)
    if local.time() == datetime.time.min:
        return _("from %(day)s") % {"day": date_format(local.date(), "j F Y")}
    return _("from %(moment)s") % {"moment": day_and_time(moment)}


@register.filter
def day_and_time(moment):
    """“1 oktober 2026 om 19.30 uur”."""
    local = timezone.localtime(moment)
    return _("%(day)s at %(time)s") % {"day": date_format(local, "j F Y"), "time": date_format(local, "H.i")}


@register.filter
def clock(moment):
    """“19.30 uur”."""
    return _("%(time)s hrs") % {"time": date_format(timezone.localtime(moment), "H.i")}


@register.filter
def initials(name):
    """One or two letters for the circle before a person's name."""
    words = str(name).split()
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


@register.inclusion_tag("neighbourhoods/my_wijk.html", takes_context=True)
def my_wijk(context, user):
    """For “Mijn pagina”: in which wijk does `user` live (a form that changes it), and which roles do they have?"""
    today = timezone.localdate()
    held = list(Membership.objects.of(user).on_day(today).select_related("neighbourhood"))
    home = next((membership.neighbourhood for membership in held if membership.role == Role.RESIDENT), None)
    return {
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "home": home,
        "home_form": HomeForm(initial={"neighbourhood": home}),
        "roles": [membership for membership in held if membership.role != Role.RESIDENT],
    }
