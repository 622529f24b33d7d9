"""Money as other pages show it: the panel of a wijk, the panel of a project, and bars drawn on the server."""

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets import tables
from budgets.models import Award, Budget, TransferKind, figures
from proposals.policies import may
from wijkportaal.money import format_euros

register = template.Library()

UNITS = 1000  # a bar is so many units long; whole numbers, because a decimal comma breaks a drawing
# The parts of a bar in the order in which they stand, with the number of their colour.
PARTS = {"spent": 1, "to_spend": 2, "elsewhere": 6, "free": 3}
MONEY_VERBS = ("award", "spend", "finish", "cancel")
TRANSFERS_SHOWN = 50


def _part_label(name):
    return {
        "spent": _("spent"),
        "to_spend": _("awarded, not yet spent"),
        "elsewhere": _("for projects in other neighbourhoods"),
        "free": _("free"),
    }[name]


def bar_parts(amounts, longest):
    """Rectangles of one bar: where each part starts and how long it is, of UNITS for `longest` cents."""
    parts, start, cents = [], 0, 0
    for name, kind in PARTS.items():
        amount = amounts.get(name, 0)
        if not amount:
            continue
        cents += amount
        end = round(UNITS * cents / longest) if longest else 0
        parts.append({"name": name, "kind": kind, "cents": amount, "x": start, "width": max(end - start, 1)})
        start = end
    return parts


@register.inclusion_tag("budgets/money_bars.html")
def money_bars(rows, chart_id="money-bars", title=""):
    """Horizontal bars under each other, on one scale; `rows` are triples of a name, the page behind it and its figures."""
    longest = max((amounts["granted"] for _name, _url, amounts in rows), default=0)
    bars, used = [], set()
    for name, url, amounts in rows:
        parts = bar_parts(amounts, longest)
        used |= {part["name"] for part in parts}
        words = ", ".join(f"{_part_label(part['name'])} {format_euros(part['cents'])}" for part in parts)
        bars.append({"name": name, "url": url, "granted": amounts["granted"], "parts": parts, "words": words})
    legend = [{"label": _part_label(name), "kind": kind} for name, kind in PARTS.items() if name in used]
    return {"bars": bars, "legend": legend, "id": chart_id, "title": title, "units": UNITS}


@register.inclusion_tag("budgets/money_bar.html")
def money_bar(amounts, url, chart_id="money-bar", title="", year=None):
    """One bar with its amounts in words; each leads to the rows behind it at `url`."""
    parts = bar_parts(amounts, amounts["granted"])
    for part in parts:
        part["label"] = _part_label(part["name"])
        part["url"] = tables.with_query(url, figure=part["name"], year=year)
    words = ", ".join(f"{part['label']} {format_euros(part['cents'])}" for part in parts)
    return {"parts": parts, "id": chart_id, "title": title, "words": words, "units": UNITS, "amounts": amounts}


@register.inclusion_tag("budgets/money_stats.html")
def money_stats(amounts, url, year=None):
    """The figures as tiles; each leads to the rows of the ledger that make it up."""
    links = {name: tables.with_query(url, figure=name, year=year) for name in [*PARTS, "granted", "awarded"]}
    return {"figures": amounts, "links": links}


@register.inclusion_tag("budgets/money_panel.html", takes_context=True)
def money_panel(context, neighbourhood):
    """For the page of a wijk: what there is, what was done with it, and the way to the rest. Three queries."""
    budgets = Budget.objects.visible_to(context["request"].user).of_neighbourhood(neighbourhood)
    running = list(budgets.running_on(timezone.localdate()).with_free())
    ids = [budget.pk for budget in running]
    url = reverse("budgets:neighbourhood", args=[neighbourhood.slug])
    return {
        "neighbourhood": neighbourhood,
        "budgets": running,
        "figures": figures(Budget.objects.filter(pk__in=ids), neighbourhood) if running else None,
        "url": url,
    }


@register.inclusion_tag("budgets/money_of_project.html", takes_context=True)
def money_of_project(context, proposal):
    """For the page of an idea: who decided on how much, what was spent, each row, and what this reader may do with it."""
    user = context["request"].user
    award = Award.objects.filter(proposal=proposal).select_related("budget").first()
    verbs = [verb for verb in MONEY_VERBS if may(user, verb, proposal)]
    shown = {"proposal": proposal, "award": award, "verbs": verbs, "user": user}
    if award is None:
        return shown
    balances = dict(proposal.accounts.values_list("kind", "balance_cents"))
    spent, left = balances.get("spent", 0), balances.get("awarded", 0)
    transfers = list(proposal.transfers.for_list().order_by("id")[: TRANSFERS_SHOWN + 1])
    may_correct = may(user, "correct", proposal)
    for transfer in transfers:
        was_corrected = hasattr(transfer, "reversed_by")
        transfer.was_corrected = was_corrected
        transfer.may_be_corrected = may_correct and transfer.kind == TransferKind.SPEND and not was_corrected
    return shown | {
        "spent": spent,
        "left": left,
        "awarded": spent + left,
        "released": award.amount_cents - spent - left,
        "transfers": transfers[:TRANSFERS_SHOWN],
        "has_more": len(transfers) > TRANSFERS_SHOWN,
    }
