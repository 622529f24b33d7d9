"""What happens to the money: for the town, per wijk, per budget; and the rows of the ledger behind each figure."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Max, Min, Sum
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budgets import policies, tables
from budgets.forms import FIGURES, MoneyQuery
from budgets.models import Budget, Transfer, figures, overview
from neighbourhoods.models import Neighbourhood
from wijkportaal.csv_export import csv_response
from wijkportaal.page_cache import cache_for_visitors

ROWS_PER_PAGE = 50
PROJECTS_PER_PAGE = 25


@require_safe
@login_not_required
@cache_for_visitors
def town(request):
    year, figure = MoneyQuery.read(request.GET)
    budgets = _budgets(request.user, year)
    if figure:
        here = {
            "name": _("the whole town"),
            "url": reverse("budgets:town"),
            "csv_url": reverse("budgets:transfers_csv"),
        }
        return _journal(request, here, budgets, figure=figure, year=year)
    total, per_budget, per_neighbourhood = overview(budgets)
    neighbourhoods = list(Neighbourhood.objects.visible_to(request.user))
    listed = list(budgets.prefetch_related("neighbourhoods"))
    context = {
        "total": total,
        "table": tables.neighbourhoods_table(neighbourhoods, per_neighbourhood, total, year=year),
        "bars": [
            (wijk.name, tables.with_query(reverse("budgets:neighbourhood", args=[wijk.slug]), year=year), found)
            for wijk in neighbourhoods
            if (found := per_neighbourhood.get(wijk.pk))
        ],
        "budgets": tables.budgets_table(listed, per_budget),
        "has_shared": any(len(budget.neighbourhoods.all()) > 1 for budget in listed),
        "year": year,
        "years": _years(year, reverse("budgets:town")),
        "may_grant": policies.may(request.user, "grant"),
    }
    return render(request, "budgets/town.html", context)


@require_safe
@login_not_required
@cache_for_visitors
def neighbourhood(request, slug):
    wijk = get_object_or_404(Neighbourhood.objects.visible_to(request.user), slug=slug)
    year, figure = MoneyQuery.read(request.GET)
    budgets = _budgets(request.user, year).of_neighbourhood(wijk)
    url = reverse("budgets:neighbourhood", args=[slug])
    if figure:
        here = {"name": wijk.name, "url": url, "csv_url": reverse("budgets:neighbourhood_csv", args=[slug])}
        return _journal(request, here, budgets, wijk, figure=figure, year=year)
    awards = tables.awards_with_amounts(budgets, wijk)
    context = {
        "neighbourhood": wijk,
        "figures": figures(budgets, wijk),
        "page_obj": Paginator(awards, PROJECTS_PER_PAGE).get_page(request.GET.get("page")),
        "budgets": budgets.with_free(),
        "projects_csv_url": tables.with_query(reverse("budgets:neighbourhood_projects_csv", args=[slug]), year=year),
        "year": year,
        "years": _years(year, url),
        "url": url,
    }
    return render(request, "budgets/neighbourhood.html", context)


@require_safe
@login_not_required
@cache_for_visitors
def budget(request, pk):
    found = get_object_or_404(Budget.objects.visible_to(request.user), pk=pk)
    budgets = Budget.objects.filter(pk=pk)
    _year, figure = MoneyQuery.read(request.GET)
    url = found.get_absolute_url()
    if figure:
        here = {"name": found.name, "url": url, "csv_url": reverse("budgets:budget_csv", args=[pk])}
        return _journal(request, here, budgets, figure=figure)
    context = {
        "budget": found,
        "neighbourhoods": list(found.neighbourhoods.all()),
        "figures": figures(budgets),
        "page_obj": Paginator(tables.awards_with_amounts(budgets), PROJECTS_PER_PAGE).get_page(request.GET.get("page")),
        "grants": Transfer.objects.filter(budget=found, kind="grant").order_by("id"),
        "may_grant": policies.may(request.user, "grant"),
        "url": url,
    }
    return render(request, "budgets/budget.html", context)


def _journal(request, here, budgets, wijk=None, *, figure, year=None):
    """The rows behind one figure (or all), with their sum: the page that a figure leads to."""
    rows = _rows(budgets, wijk, figure)
    total = None if figure == "all" else rows.aggregate(total=Sum("signed_cents", default=0))["total"]
    choices = [name for name in FIGURES if name != "elsewhere" or wijk is not None]
    if "elsewhere" in choices and figure != "elsewhere" and not figures(budgets, wijk)["elsewhere"]:
        choices.remove("elsewhere")
    context = {
        "here": here,
        "neighbourhood": wijk,
        "figure": figure,
        "figure_label": FIGURES[figure],
        "total": None if total is None else int(total),
        "page_obj": Paginator(rows.for_list(), ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "tabs": [
            {
                "url": tables.with_query(here["url"], figure=name, year=year),
                "label": FIGURES[name],
                "current": name == figure,
            }
            for name in choices
        ],
        "back_url": tables.with_query(here["url"], year=year),
        "csv_url": tables.with_query(here["csv_url"], figure=figure, year=year),
        "year": year,
    }
    return render(request, "budgets/journal.html", context)


def _rows(budgets, wijk, figure):
    if figure and figure != "all":
        return Transfer.objects.behind(figure, budgets, wijk)
    rows = Transfer.objects.filter(budget__in=budgets.values("pk"))
    return rows if wijk is None else rows.of_neighbourhood(wijk)


def _budgets(user, year):
    budgets = Budget.objects.visible_to(user)
    return budgets.in_year(year) if year else budgets


def _years(current, url):
    """Links to each year in which there are budgets, newest first; none when there is only one."""
    span = Budget.objects.aggregate(first=Min("starts_on__year"), last=Max("ends_on__year"))
    if span["first"] is None or span["first"] == span["last"]:
        return []
    years = range(span["last"], max(span["first"], span["last"] - 9) - 1, -1)
    links = [
        {"url": tables.with_query(url, year=year), "label": str(year), "current": year == current} for year in years
    ]
    return [{"url": url, "label": _("All years"), "current": current is None}, *links]


# --- The same tables as files ----------------------------------------------------------------------------------------


@require_safe
@login_not_required
def town_csv(request):
    year, _figure = MoneyQuery.read(request.GET)
    total, _per_budget, per_neighbourhood = overview(_budgets(request.user, year))
    neighbourhoods = Neighbourhood.objects.visible_to(request.user)
    return tables.neighbourhoods_table(neighbourhoods, per_neighbourhood, total).csv("geld-per-wijk.csv")


@require_safe
@login_not_required
def budgets_csv(request):
    year, _figure = MoneyQuery.read(request.GET)
    budgets = _budgets(request.user, year)
    listed = budgets.prefetch_related("neighbourhoods")
    return tables.budgets_table(listed, overview(budgets)[1]).csv("budgetten.csv")


@require_safe
@login_not_required
def transfers_csv(request):
    year, figure = MoneyQuery.read(request.GET)
    return _transfers_csv(_rows(_budgets(request.user, year), None, figure), "boekingen.csv")


@require_safe
@login_not_required
def neighbourhood_csv(request, slug):
    wijk = get_object_or_404(Neighbourhood.objects.visible_to(request.user), slug=slug)
    year, figure = MoneyQuery.read(request.GET)
    rows = _rows(_budgets(request.user, year).of_neighbourhood(wijk), wijk, figure)
    return _transfers_csv(rows, f"boekingen-{wijk.slug}.csv")


@require_safe
@login_not_required
def neighbourhood_projects_csv(request, slug):
    wijk = get_object_or_404(Neighbourhood.objects.visible_to(request.user), slug=slug)
    year, _figure = MoneyQuery.read(request.GET)
    awards = tables.awards_with_amounts(_budgets(request.user, year).of_neighbourhood(wijk), wijk)
    return tables.projects_table(awards).csv(f"projecten-{wijk.slug}.csv")


@require_safe
@login_not_required
def budget_csv(request, pk):
    found = get_object_or_404(Budget.objects.visible_to(request.user), pk=pk)
    _year, figure = MoneyQuery.read(request.GET)
    return _transfers_csv(_rows(Budget.objects.filter(pk=found.pk), None, figure), f"boekingen-budget-{pk}.csv")


@require_safe
@login_not_required
def budget_projects_csv(request, pk):
    found = get_object_or_404(Budget.objects.visible_to(request.user), pk=pk)
    awards = tables.awards_with_amounts(Budget.objects.filter(pk=found.pk))
    return tables.projects_table(awards).csv(f"projecten-budget-{pk}.csv")


def _transfers_csv(rows, filename):
    return csv_response(filename, *tables.transfers_csv_rows(rows.for_list()))
