"""The council's tables, the same on the page and as CSV; every figure leads to the rows it counts."""

from django.urls import reverse
from django.utils.translation import gettext as _

from budgets.tables import NOTHING, amount_columns, with_query
from council import figures
from wijkportaal.csv_export import Cents
from wijkportaal.tables import Cell, Column, Table


def ideas_url(**query):
    return with_query(reverse("council:proposals"), **query)


def projects_url(**query):
    return with_query(reverse("council:projects"), **query)


def _count(number, url):
    return Cell(number, url if number else "")


def _wijk(wijk, may_follow):
    in_depth = wijk.pk in may_follow
    return Cell(wijk.name, reverse("council:neighbourhood", args=[wijk.slug]) if in_depth else wijk.get_absolute_url())


def ideas_table(neighbourhoods, ideas, may_follow):
    """Ideas per wijk and status; `ideas` from ideas_per_neighbourhood."""

    def cells(counts, **query):
        return [
            *(_count(counts[name], ideas_url(status=name, **query)) for name in figures.IDEA_COLUMNS),
            _count(counts["all"], ideas_url(**query)),
        ]

    columns = [Column(_("neighbourhood"))]
    columns += [Column(figures.label_of(name), numeric=True) for name in figures.IDEA_COLUMNS]
    columns += [Column(_("together"), numeric=True)]
    rows = [[_wijk(wijk, may_follow), *cells(ideas[wijk.pk], neighbourhood=wijk.slug)] for wijk in neighbourhoods]
    footer = [Cell(_("the whole town")), *cells(figures.counts_of_town(ideas))]
    return Table("ideas", _("Ideas per neighbourhood"), columns, rows, footer)


def waiting_table(neighbourhoods, waiting, decisions, may_follow):
    """Days of waiting per wijk: now, and until the first answer in the last year."""

    def cells(now, past, **query):
        return [
            _count(len(now), ideas_url(waiting="now", **query)),
            Cell(max(now, default=None), ideas_url(waiting="now", **query) if now else ""),
            Cell(figures.median(now)),
            _count(len(past), ideas_url(waiting="decided", **query)),
            Cell(figures.median(past)),
        ]

    columns = [
        Column(_("neighbourhood")),
        Column(_("ideas that wait now"), numeric=True),
        Column(_("longest, in days"), numeric=True),
        Column(_("half wait longer than, in days"), numeric=True),
        Column(_("answers in the last year"), numeric=True),
        Column(_("half took longer than, in days"), numeric=True),
    ]
    rows = [
        [_wijk(wijk, may_follow), *cells(waiting[wijk.pk], decisions[wijk.pk], neighbourhood=wijk.slug)]
        for wijk in neighbourhoods
    ]
    footer = [Cell(_("the whole town")), *cells(figures.days_of_town(waiting), figures.days_of_town(decisions))]
    return Table("waiting", _("How long ideas wait"), columns, rows, footer)


def projects_table(neighbourhoods, projects, may_follow):
    """Projects per wijk by what became of their dates."""

    def cells(counts, **query):
        return [
            *(_count(counts[name], projects_url(state=name, **query)) for name in figures.PROJECT_STATES),
            _count(counts["all"], projects_url(**query)),
        ]

    columns = [Column(_("neighbourhood"))]
    columns += [Column(label, numeric=True) for label in figures.PROJECT_STATES.values()]
    columns += [Column(_("together"), numeric=True)]
    rows = [[_wijk(wijk, may_follow), *cells(projects[wijk.pk], neighbourhood=wijk.slug)] for wijk in neighbourhoods]
    footer = [Cell(_("the whole town")), *cells(figures.counts_of_town(projects))]
    return Table("projects", _("Projects and their promised dates"), columns, rows, footer)


def everything_table(neighbourhoods, money, ideas, waiting, decisions, projects):
    """One row per wijk with all of the above: for the download."""
    amounts = amount_columns(with_elsewhere=True)
    columns = [Column(_("neighbourhood")), Column(_("code"))]
    columns += [Column(label) for _name, label in amounts]
    columns += [Column(figures.label_of(name)) for name in figures.IDEA_COLUMNS]
    columns += [
        Column(label)
        for label in (
            _("ideas that wait now"),
            _("longest, in days"),
            _("half wait longer than, in days"),
            _("answers in the last year"),
            _("half took longer than, in days"),
        )
    ]
    columns += [Column(_("projects: %(state)s") % {"state": label}) for label in figures.PROJECT_STATES.values()]
    rows = []
    for wijk in neighbourhoods:
        found = money.get(wijk.pk, NOTHING)
        now, past = waiting[wijk.pk], decisions[wijk.pk]
        values = [wijk.name, wijk.code, *(Cents(found[name]) for name, _label in amounts)]
        values += [ideas[wijk.pk][name] for name in figures.IDEA_COLUMNS]
        values += [len(now), max(now, default=None), figures.median(now), len(past), figures.median(past)]
        values += [projects[wijk.pk][name] for name in figures.PROJECT_STATES]
        rows.append([Cell(value) for value in values])
    return Table("everything", "", columns, rows)
