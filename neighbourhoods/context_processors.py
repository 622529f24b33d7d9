"""What every page of the site shows around its own content."""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from neighbourhoods.models import Municipality
from neighbourhoods.policies import may


@dataclass(frozen=True)
class NavItem:
    url: str
    label: str
    current: bool


def the_municipality():
    """The town, remembered for a minute: it is on every page and hardly ever changes. None before it is set up."""
    return caches["pages"].get_or_set("municipality", lambda: Municipality.objects.first() or "", 60) or None


def site(request):
    """`municipality`, `municipality_theme_url`, `nav`, `account_nav`, `other_language` and `is_demo`, each worked out when a page asks."""
    return {
        "municipality": SimpleLazyObject(the_municipality),
        "municipality_theme_url": SimpleLazyObject(_theme_url),
        "nav": SimpleLazyObject(lambda: _nav(request)),
        "account_nav": SimpleLazyObject(lambda: _account_nav(request)),
        "other_language": SimpleLazyObject(lambda: _other_language(request)),
        "is_demo": settings.DEMO,
    }


def _theme_url():
    municipality = the_municipality()
    if not municipality or not municipality.theme_colours:
        return ""
    from neighbourhoods.theming import stylesheet_hash

    return reverse("neighbourhoods:theme_css", args=[stylesheet_hash(municipality.theme_colours)])


def _item(request, name, label):
    url = reverse(name)
    return NavItem(url, label, request.path.startswith(url))


def _neighbourhoods(request):
    """The home page, and the page of each wijk belongs to it."""
    match = getattr(request, "resolver_match", None)
    is_here = match is not None and match.view_name in {"neighbourhoods:home", "neighbourhoods:detail"}
    return NavItem(reverse("neighbourhoods:home"), _("Neighbourhoods"), is_here)


def _nav(request):
    user = getattr(request, "user", None)
    items = [
        _neighbourhoods(request),
        _item(request, "proposals:list", _("Ideas")),
        _item(request, "budgets:town", _("Money")),
    ]
    if user is not None and user.is_authenticated:
        if may(user, "see_worklist"):
            items.append(_item(request, "proposals:worklist", _("Work list")))
        if may(user, "follow"):
            items.append(_item(request, "council:dashboard", _("Dashboard")))
        if may(user, "administer"):
            items.append(_item(request, "neighbourhoods:administration", _("Administration")))
    return items


def _account_nav(request):
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return [_item(request, "accounts:me", _("My page")), _item(request, "account_logout", _("Log out"))]
    return [_item(request, "account_login", _("Log in"))]


def _other_language(request):
    code = "en" if get_language() == "nl" else "nl"
    # A path that begins with two slashes would be read as the name of another host.
    here = escape_leading_slashes(request.get_full_path())
    return {
        "code": code,
        "label": "English" if code == "en" else "Nederlands",
        "url": translate_url(here, code),
    }
