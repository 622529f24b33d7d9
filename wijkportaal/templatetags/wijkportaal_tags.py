"""Template tags and filters for every app: euros, icons, colours of a status, links that keep the filters."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from wijkportaal import money

register = template.Library()

# Drawn for this project on a grid of 24 by 24: lines of 2 with round ends, in the colour of the text.
ICONS = {
    "alert": "M12 4 2.5 20h19L12 4Zm0 6v4m0 3v.01",
    "arrow": "M5 12h14m-6-6 6 6-6 6",
    "back": "M19 12H5m6-6-6 6 6 6",
    "calendar": "M4 6h16v14H4V6Zm0 5h16M8 3v5m8-5v5",
    "check": "m4 12.5 5.5 5.5L20 7",
    "chevron": "m9 5 7 7-7 7",
    "clock": "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Zm0 4v5l3.5 2",
    "comment": "M4 5h16v11h-8l-5 4v-4H4V5Z",
    "cross": "m6 6 12 12M18 6 6 18",
    "download": "M12 4v11m-5-5 5 5 5-5M4 20h16",
    "edit": "M4 20h4L19 9l-4-4L4 16v4Zm9-13 4 4",
    "euro": "M18 6a7 7 0 1 0 0 12M4 10.5h9m-9 3h8",
    "flag": "M6 21V4h12l-2.5 4L18 12H6",
    "home": "M4 11 12 4l8 7v9h-5v-6H9v6H4v-9Z",
    "info": "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Zm0 8v5m0-8v.01",
    "mail": "M3 6h18v12H3V6Zm0 1 9 7 9-7",
    "map": "m3 6 6-2 6 2 6-2v14l-6 2-6-2-6 2V6Zm6-2v14m6-12v14",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "people": "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 9v-1.5A4.5 4.5 0 0 1 7 14h4a4.5 4.5 0 0 1 4.5 4.5V20M16 4.5a3.5 3.5 0 0 1 0 6.5m2.5 3.5a4.5 4.5 0 0 1 3 4.2V20",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 9v-1a5 5 0 0 1 5-5h4a5 5 0 0 1 5 5v1",
    "photo": "M3 7h4l2-3h6l2 3h4v13H3V7Zm9 3a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7Z",
    "pin": "M12 21s-7-6.5-7-11.5a7 7 0 0 1 14 0C19 14.5 12 21 12 21Zm0-9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    "plus": "M12 5v14M5 12h14",
    "search": "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm5 11.5L20 20",
    "support": "M12 20S4 15 4 9.3A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.3C20 15 12 20 12 20Z",
    "tools": "m14 7 3-3a4.5 4.5 0 0 1-5.7 5.7L5 16a2 2 0 1 0 3 3l6.3-6.3A4.5 4.5 0 0 0 20 7l-3 3-3-3Z",
}

# The colour of a badge per status of an idea; a status not named here is neutral. Colour never stands alone:
# the badge always says the status in words.
STATUS_COLOURS = {
    "draft": "draft",
    "returned": "warning",
    "submitted": "info",
    "published": "info",
    "feasible": "good",
    "awarded": "good",
    "in_progress": "busy",
    "completed": "done",
    "infeasible": "stopped",
    "not_chosen": "stopped",
    "cancelled": "stopped",
    "withdrawn": "stopped",
    "merged": "stopped",
}


@register.filter
def euros(cents):
    """An amount in cents as people write it: ``€ 1.200`` or ``€ 12,50``; nothing when it is not known."""
    return "" if cents is None or cents == "" else money.format_euros(cents)


@register.filter
def status_colour(status):
    """The colour name of a status, as in the class ``wp-badge--<colour>``."""
    return STATUS_COLOURS.get(str(status), "neutral")


@register.simple_tag
def icon(name, css_class=""):
    """A small line drawing beside a text; it is decoration, so a screen reader passes it by."""
    return format_html(
        '<svg class="wp-icon {}" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        css_class,
        mark_safe(ICONS[name]),  # noqa: S308 (a constant of this module)
    )


@register.filter
def modulo(number, divisor):
    """The rest of a division: to choose one of a few drawings or colours."""
    return int(number or 0) % int(divisor)


@register.filter
def at_index(items, index):
    """The item at a place of a list; nothing when the list is shorter."""
    return items[index] if items and index < len(items) else ""


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*pairs):
    """``{% breadcrumbs label url label url "This page" %}``: the path to a page; the last label has no address."""
    items = [{"label": pairs[i], "url": pairs[i + 1] if i + 1 < len(pairs) else ""} for i in range(0, len(pairs), 2)]
    return {"items": items}


@register.simple_tag
def elided_pages(page_obj):
    """The page numbers to show: the first, the last, those around this one, and a sign for the gap."""
    return page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)


@register.simple_tag(takes_context=True)
def query_without(context, *names):
    """The query string of this page without the parameters ``names``, ready to put one behind: ``a=1&b=2&``."""
    request = context.get("request")
    if request is None:
        return ""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    encoded = query.urlencode()
    return f"{encoded}&" if encoded else ""
