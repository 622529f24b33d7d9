"""The council's desk: what needs attention, the figures per wijk, and the ideas and projects behind each of them."""

import datetime

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.models import AccountKind, Budget, overview
from budgets.models import figures as money_figures
from budgets.tables import neighbourhoods_table, with_query
from council import figures, tables
from council.forms import IdeasQuery, ProjectsQuery
from neighbourhoods.models import COUNCIL_ROLES, Neighbourhood
from neighbourhoods.policies import may, roles_of
from proposals.models import ProposalEvent
from proposals.workflow import VERBS
from wijkportaal.csv_export import Cents, csv_response

ATTENTION_ROWS = 5
ROWS_PER_PAGE = 25
EVENTS_SHOWN = 12
# Steps that change how a wijk stands; each single payment or planned step would hide them.
TOLD_TO_THE_COUNCIL = [
    "publish",
    "accept",
    "reject",
    "pass_over",
    "award",
    "start",
    "replan",
    "report",
    "finish",
    "cancel",
]


def _check(user, neighbourhood=None):
    if not may(user, "follow", neighbourhood):
        raise PermissionDenied


def portfolio_of(user):
    """Ids of the wijken that `user` follows for the council or the board."""
    return {pk for role, pk in roles_of(user).held if role in COUNCIL_ROLES and pk is not None}


def dashboard(request):
    _check(request.user)
    now = timezone.now()
    mine = portfolio_of(request.user)
    wijken = list(Neighbourhood.objects.visible_to(request.user))
    wijken.sort(key=lambda wijk: wijk.pk not in mine)  # those in portfolio first; the rest stays by name
    may_follow = {wijk.pk for wijk in wijken if may(request.user, "follow", wijk)}
    total, _per_budget, money = overview(Budget.objects.visible_to(request.user))
    ideas = figures.ideas_per_neighbourhood()
    waiting, decisions = figures.waiting_per_neighbourhood(now), figures.decisions_per_neighbourhood(now)
    projects = figures.projects_per_neighbourhood(timezone.localdate(now))
    ideas_of_town = figures.counts_of_town(ideas)
    context = {
        "today": timezone.localdate(now),
        "attention": _attention(mine or None, now),
        "portfolio": [
            {
                "wijk": wijk,
                "url": reverse("council:neighbourhood", args=[wijk.slug]),
                "money": money.get(wijk.pk),
                "waiting": len(waiting[wijk.pk]),
                "oldest": max(waiting[wijk.pk], default=None),
                "running": ideas[wijk.pk]["running"],
                "late": projects[wijk.pk]["late"],
            }
            for wijk in wijken
            if wijk.pk in mine
        ],
        "total": total,
        "money_bars": [
            (wijk.name, reverse("budgets:neighbourhood", args=[wijk.slug]), money[wijk.pk])
            for wijk in wijken
            if wijk.pk in money
        ],
        "money_table": neighbourhoods_table(wijken, money, total),
        "status_bars": _status_bars(ideas_of_town),
        "ideas_table": tables.ideas_table(wijken, ideas, may_follow),
        "waiting_table": tables.waiting_table(wijken, waiting, decisions, may_follow),
        "projects_table": tables.projects_table(wijken, projects, may_follow),
        "days_of_decisions": figures.DECISIONS_OF_DAYS,
    }
    return render(request, "council/dashboard.html", context)


def neighbourhood(request, slug):
    wijk = get_object_or_404(Neighbourhood.objects.visible_to(request.user), slug=slug)
    _check(request.user, wijk)
    now = timezone.now()
    today = timezone.localdate(now)
    budgets = Budget.objects.visible_to(request.user).of_neighbourhood(wijk)
    ideas = figures.ideas_per_neighbourhood()[wijk.pk]
    waiting = figures.waiting_per_neighbourhood(now)[wijk.pk]
    decisions = figures.decisions_per_neighbourhood(now)[wijk.pk]
    states = figures.projects_per_neighbourhood(today)[wijk.pk]
    running = figures.by_next_promise(figures.projects(today).running().filter(neighbourhood=wijk))
    rows = [figures.promises(project, today) for project in running.prefetch_related("milestones")[:ROWS_PER_PAGE]]
    rows.sort(key=lambda row: (-row["days_late"], row["promised_on"] or today, row["project"].pk))
    events = (
        ProposalEvent.objects.filter(kind__in=TOLD_TO_THE_COUNCIL, is_public=True)
        .filter(proposal__neighbourhood=wijk, proposal__published_at__isnull=False)
        .select_related("proposal")
        .order_by("-id")[:EVENTS_SHOWN]
    )
    context = {
        "neighbourhood": wijk,
        "today": today,
        "attention": _attention({wijk.pk}, now, wijk.slug),
        "figures": money_figures(budgets, wijk),
        "money_url": reverse("budgets:neighbourhood", args=[slug]),
        "status_bars": _status_bars(ideas, neighbourhood=slug),
        "waiting": len(waiting),
        "oldest": max(waiting, default=None),
        "median": figures.median(waiting),
        "waiting_url": tables.ideas_url(waiting="now", neighbourhood=slug),
        "decided": len(decisions),
        "decided_median": figures.median(decisions),
        "decided_url": tables.ideas_url(waiting="decided", neighbourhood=slug),
        "states": [
            {"label": label, "number": states[name], "url": tables.projects_url(state=name, neighbourhood=slug)}
            for name, label in figures.PROJECT_STATES.items()
            if states[name]
        ],
        "running": rows,
        "running_url": tables.projects_url(neighbourhood=slug),
        "events": [{"event": event, "done": VERBS[event.kind].done} for event in events],
    }
    return render(request, "council/neighbourhood.html", context)


def _attention(ids, now, slug=""):
    """What a councillor should know first, in the wijken `ids` (None: the town): late projects, long waits, money that will lapse."""
    today = timezone.localdate(now)
    late, long = figures.late_projects(today), figures.waiting_long(now)
    ending = Budget.objects.running_on(today).with_free().filter(free_cents__gt=0)
    ending = ending.filter(ends_on__lte=today + datetime.timedelta(days=figures.ENDS_SOON_DAYS))
    if ids is not None:
        late, long = late.filter(neighbourhood__in=ids), long.filter(neighbourhood__in=ids)
        ending = ending.filter(neighbourhoods__in=ids).distinct()
    query = {"neighbourhood": slug} if slug else {"mine": "on"} if ids is not None else {}
    rows = late.select_related("neighbourhood").prefetch_related("milestones")[:ATTENTION_ROWS]
    return {
        "late": [figures.promises(project, today) for project in rows],
        "late_count": late.count(),
        "late_url": tables.projects_url(state="late", **query),
        "long": [
            {"idea": idea, "days": figures.days_between(idea.waiting_since, now)}
            for idea in long.select_related("neighbourhood")[:ATTENTION_ROWS]
        ],
        "long_count": long.count(),
        "long_url": tables.ideas_url(waiting="long", **query),
        "long_days": figures.LONG_WAIT_DAYS,
        "ending": list(ending.order_by("ends_on", "id")[:ATTENTION_ROWS]),
    }


def _status_bars(counts, **query):
    """Bars for the ideas per status; each leads to those ideas."""
    most = max((counts[name] for name in figures.STATUS_LABELS), default=0)
    return [
        {
            "label": label,
            "value_text": str(counts[name]),
            "percent": round(100 * counts[name] / most) if most else 0,
            "kind": 1,
            "url": tables.ideas_url(status=name, **query),
        }
        for name, label in figures.STATUS_LABELS.items()
        if counts[name]
    ]


# --- The rows behind the figures -------------------------------------------------------------------------------------


def proposals(request):
    _check(request.user)
    now = timezone.now()
    form, ideas = _ideas(request, now)
    page = Paginator(ideas, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [_idea_row(idea, now) for idea in page],
        "csv_url": _same_query(request, "council:proposals_csv"),
        "is_filtered": any(form.cleaned_data.values()),
    }
    return render(request, "council/proposals.html", context)


def _ideas(request, now):
    mine = portfolio_of(request.user)
    form = IdeasQuery(request.GET, has_portfolio=bool(mine))
    asked = form.asked()
    ideas = figures.with_decision().select_related("neighbourhood", "theme")
    match asked.get("waiting"):
        case "now":
            ideas = ideas.filter(pk__in=figures.waiting().order_by().values("pk"))
        case "long":
            ideas = ideas.filter(pk__in=figures.waiting_long(now).order_by().values("pk"))
        case "decided":
            ideas = ideas.filter(pk__in=figures.decided_lately(now).values("pk"))
    if asked.get("status"):
        ideas = ideas.filter(status__in=figures.statuses_in(asked["status"]))
    ideas = _in_wijken(ideas, asked, mine)
    return form, ideas.order_by(F("waiting_since").asc(nulls_last=True), "-submitted_at", "-id")


def _in_wijken(rows, asked, mine):
    if asked.get("neighbourhood"):
        rows = rows.filter(neighbourhood=asked["neighbourhood"])
    return rows.filter(neighbourhood__in=mine) if asked.get("mine") else rows


def _idea_row(idea, now):
    # The count is complete; the text of an idea that isn't published stays between its author and the wijkmanager.
    return {
        "idea": idea,
        "title": idea.title if idea.is_public else "",
        "status_label": figures.STATUS_LABELS[idea.status],
        "waits": figures.days_between(idea.waiting_since, now) if idea.waiting_since else None,
        "took": max(figures.days_between(idea.submitted_at, idea.decided_at), 0) if idea.decided_at else None,
    }


def projects(request):
    _check(request.user)
    today = timezone.localdate()
    form, found = _projects(request, today)
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [_project_row(project, today) for project in page],
        "csv_url": _same_query(request, "council:projects_csv"),
        "is_filtered": any(form.cleaned_data.values()),
    }
    return render(request, "council/projects.html", context)


def _projects(request, today):
    mine = portfolio_of(request.user)
    form = ProjectsQuery(request.GET, has_portfolio=bool(mine))
    asked = form.asked()
    found = figures.projects(today)
    if asked.get("state"):
        found = found.filter(state=asked["state"])
    found = _in_wijken(found, asked, mine).select_related("neighbourhood", "award")
    return form, found.prefetch_related("milestones", "accounts").order_by(
        "urgency", "neighbourhood__name", "title", "id"
    )


def _project_row(project, today):
    balances = {account.kind: account.balance_cents for account in project.accounts.all()}
    spent, left = balances.get(AccountKind.SPENT, 0), balances.get(AccountKind.AWARDED, 0)
    return figures.promises(project, today) | {
        "state_label": figures.PROJECT_STATES[project.state],
        "awarded": spent + left,
        "spent": spent,
        "left": left,
    }


def _same_query(request, name):
    query = request.GET.copy()
    query.pop("page", None)
    return with_query(reverse(name), **query.dict())


# --- The same tables as files ----------------------------------------------------------------------------------------


def neighbourhoods_csv(request):
    _check(request.user)
    now = timezone.now()
    table = tables.everything_table(
        Neighbourhood.objects.visible_to(request.user),
        overview(Budget.objects.visible_to(request.user))[2],
        figures.ideas_per_neighbourhood(),
        figures.waiting_per_neighbourhood(now),
        figures.decisions_per_neighbourhood(now),
        figures.projects_per_neighbourhood(timezone.localdate(now)),
    )
    return table.csv("wijken.csv")


def proposals_csv(request):
    _check(request.user)
    now = timezone.now()
    _form, ideas = _ideas(request, now)
    header = [_("number"), _("idea"), _("neighbourhood"), _("theme"), _("status"), _("sent in at"), _("waits since")]
    header += [_("days waiting"), _("first answer at"), _("days until the first answer"), _("estimated costs")]
    header += [_("people who support this")]

    def rows():
        for idea in ideas.iterator(chunk_size=2000):
            row = _idea_row(idea, now)
            yield [
                idea.pk,
                row["title"] or _("(not public)"),
                idea.neighbourhood.name,
                idea.theme.name,
                row["status_label"],
                idea.submitted_at,
                idea.waiting_since,
                row["waits"],
                idea.decided_at,
                row["took"],
                None if idea.estimated_cents is None else Cents(idea.estimated_cents),
                idea.support_count,
            ]

    return csv_response("ideeen.csv", header, rows())


def projects_csv(request):
    _check(request.user)
    today = timezone.localdate()
    _form, found = _projects(request, today)
    header = [_("number"), _("project"), _("neighbourhood"), _("status"), _("dates"), _("steps done"), _("steps")]
    header += [_("step that matters now"), _("ready on"), _("promised at first"), _("days too late"), _("reason")]
    header += [_("decided on"), _("who decided?"), _("awarded to projects"), _("spent"), _("left to spend")]

    def rows():
        for project in found.iterator(chunk_size=2000):
            row = _project_row(project, today)
            yield [
                project.pk,
                project.title,
                project.neighbourhood.name,
                project.get_status_display(),
                row["state_label"],
                row["done"],
                row["total"],
                row["step"].title if row["step"] else None,
                row["promised_on"],
                row["first_promised_on"],
                row["days_late"],
                row["reason"],
                project.award.decided_on,
                project.award.decided_by,
                Cents(row["awarded"]),
                Cents(row["spent"]),
                Cents(row["left"]),
            ]

    return csv_response("projecten.csv", header, rows())
