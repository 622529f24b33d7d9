"""How wijken, roles and dates are said on a page, and the panels other pages borrow from this app."""

from django import template
from django.utils import timezone

from neighbourhoods import words
from neighbourhoods.forms.calendar import HomeForm
from neighbourhoods.models import Membership, Role

register = template.Library()
for word in (words.role_label, words.until, words.since, words.day_and_time, words.clock):
    register.filter(word.__name__, word)


@register.filter
def initials(name):
    """One or two letters for the circle before a person's name."""
    names = str(name).split()
    return "".join(one[0] for one in ([names[0], names[-1]] if len(names) > 1 else names)).upper()


@register.inclusion_tag("neighbourhoods/my_wijk.html", takes_context=True)
def my_wijk(context, user):
    """For “Mijn pagina”: in which wijk does `user` live (a form that changes it), and which roles do they have?"""
    mine = Membership.objects.of(user)
    held = mine.on_day(timezone.localdate()).exclude(role=Role.RESIDENT)
    membership = mine.homes().first()
    home = membership.neighbourhood if membership else None
    return {
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "home": home,
        "home_form": HomeForm(initial={"neighbourhood": home}),
        "roles": list(held.select_related("neighbourhood")),
    }
