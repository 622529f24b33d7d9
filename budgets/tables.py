"""The tables of money: per wijk, per budget, per project, and the rows of the ledger. The same for pages and CSV."""

from urllib.parse import urlencode

from django.db.models import BigIntegerField, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from budgets.models import Account, AccountKind, Award
from wijkportaal.csv_export import Cents
from wijkportaal.tables import Cell, Column, Table


def with_query(url, **query):
    """`url` with the parameters that have a value."""
    query = {name: value for name, value in query.items() if value}
    return f"{url}?{urlencode(query)}" if query else url


def amount_columns(with_elsewhere=False):
    """Pairs of a figure and its heading, in the order in which money moves."""
    columns = [("granted", _("granted")), ("awarded", _("awarded to projects")), ("spent", _("spent"))]
    columns += [("to_spend", _("awarded, not yet spent"))]
    if with_elsewhere:
        columns += [("elsewhere", _("for projects in other neighbourhoods"))]
    return [*columns, ("free", _("free"))]


NOTHING = {"granted": 0, "awarded": 0, "spent": 0, "to_spend": 0, "elsewhere": 0, "free": 0}


def amount_cells(figures, url, year=None, columns=None):
    """One cell per figure; each leads to the rows of the ledger that make it up."""
    return [
        Cell(Cents(figures[name]), with_query(url, figure=name, year=year) if figures[name] else "")
        for name, _label in columns
    ]


def neighbourhoods_table(neighbourhoods, figures, total, *, year=None):
    """Money per wijk; `figures` and `total` from budgets.models.overview."""
    shared = any(figures.get(wijk.pk, NOTHING)["elsewhere"] for wijk in neighbourhoods)
    columns = amount_columns(with_elsewhere=shared)
    rows = []
    for wijk in neighbourhoods:
        url = reverse("budgets:neighbourhood", args=[wijk.slug])
        amounts = amount_cells(figures.get(wijk.pk, NOTHING), url, year, columns)
        rows.append([Cell(wijk.name, with_query(url, year=year)), *amounts])
    town = amount_cells({**total, "elsewhere": 0}, reverse("budgets:town"), year, columns)
    headings = [Column(_("neighbourhood")), *(Column(label, numeric=True) for _name, label in columns)]
    return Table("money-per-wijk", _("Money per neighbourhood"), headings, rows, [Cell(_("the whole town")), *town])


def budgets_table(budgets, figures):
    """Money per budget, with the decision behind it; `budgets` with their neighbourhoods prefetched."""
    columns = amount_columns()
    rows = []
    for budget in budgets:
        url = budget.get_absolute_url()
        wijken = ", ".join(wijk.name for wijk in budget.neighbourhoods.all())
        decision = " ".join(filter(None, [budget.decision_title, budget.decision_number]))
        amounts = amount_cells(figures.get(budget.pk, NOTHING), url, None, columns)
        rows.append([Cell(budget.name, url), Cell(wijken), Cell(decision), Cell(budget.decision_on), *amounts])
    headings = [Column(_("budget")), Column(_("neighbourhoods")), Column(_("decision")), Column(_("date"))]
    headings += [Column(label, numeric=True) for _name, label in columns]
    return Table("money-per-budget", _("Budgets and the decisions behind them"), headings, rows)


def awards_with_amounts(budgets, neighbourhood=None):
    """Awards from `budgets`, newest first, each with `spent_cents`, `to_spend_cents` and `kept_cents` (their sum)."""

    def balance(kind):
        found = Account.objects.filter(budget=OuterRef("budget"), proposal=OuterRef("proposal"), kind=kind)
        return Coalesce(Subquery(found.values("balance_cents")), 0, output_field=BigIntegerField())

    awards = Award.objects.filter(budget__in=budgets.values("pk"))
    if neighbourhood is not None:
        awards = awards.filter(proposal__neighbourhood=neighbourhood)
    return (
        awards.annotate(spent_cents=balance(AccountKind.SPENT), to_spend_cents=balance(AccountKind.AWARDED))
        .annotate(kept_cents=F("spent_cents") + F("to_spend_cents"))
        .select_related("proposal__neighbourhood", "budget")
        .order_by("-decided_on", "-id")
    )


def projects_table(awards):
    """Money per project; `awards` from awards_with_amounts."""
    headings = [Column(_("project")), Column(_("neighbourhood")), Column(_("status")), Column(_("decided on"))]
    headings += [Column(_("who decided?"))]
    headings += [Column(label, numeric=True) for label in (_("awarded at first"), _("spent"), _("left to spend"))]
    rows = [
        [
            Cell(award.proposal.title, award.proposal.get_absolute_url()),
            Cell(award.proposal.neighbourhood.name),
            Cell(award.proposal.get_status_display()),
            Cell(award.decided_on),
            Cell(award.decided_by),
            Cell(Cents(award.amount_cents)),
            Cell(Cents(award.spent_cents)),
            Cell(Cents(award.to_spend_cents)),
        ]
        for award in awards
    ]
    return Table("money-per-project", _("Money per project"), headings, rows)


def transfers_csv_rows(transfers):
    """(header, rows) of the ledger; `transfers` from for_list()."""
    header = [
        _("number"),
        _("date"),
        _("what happened"),
        _("amount"),
        _("counts as"),
        _("budget"),
        _("neighbourhood"),
        _("project number"),
        _("project"),
        _("reason"),
        _("corrects number"),
        _("written down at"),
    ]
    rows = (
        [
            row.pk,
            row.booked_on,
            row.get_kind_display(),
            Cents(row.amount_cents),
            Cents(getattr(row, "signed_cents", row.amount_cents)),
            row.budget.name,
            row.proposal.neighbourhood.name if row.proposal else None,
            row.proposal_id,
            row.proposal.title if row.proposal else None,
            row.reason,
            row.reverses_id,
            row.at,
        ]
        for row in transfers.iterator(chunk_size=2000)
    )
    return header, rows
