"""Is it going well? Counts of ideas, days of waiting and promises kept, per wijk and for the town; aggregated by the database.

Ideas count from the moment they were sent in; drafts are nobody's business. Each count here has a queryset of exactly the rows it counts,
so that a figure can lead to them.
"""

import datetime
import statistics
from collections import Counter, defaultdict

from django.db.models import Case, CharField, Count, Exists, F, IntegerField, Min, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proposals.models import Milestone, Proposal, ProposalEvent
from proposals.workflow import RUNNING, Status

LONG_WAIT_DAYS = 28
DECISIONS_OF_DAYS = 365
ENDS_SOON_DAYS = 90

# What the council reads: each status, and two groups of them. Every idea that was sent in is in exactly one column.
IDEA_COLUMNS = ["submitted", "returned", "published", "feasible", "running", "completed", "ended"]
ENDED_OTHERWISE = (
    frozenset(Status) - RUNNING - {Status.DRAFT} - {Status(name) for name in IDEA_COLUMNS if name in Status}
)
GROUPS = {
    "running": (_("Projects that run"), RUNNING),
    "ended": (_("Ended in another way"), ENDED_OTHERWISE),
}
STATUS_LABELS = {status.value: status.label for status in Status if status != Status.DRAFT} | {
    Status.RETURNED.value: _("Back with the resident")
}

PROJECT_STATES = {
    "late": _("too late"),
    "moved": _("later than promised at first"),
    "on_time": _("on time"),
    "unplanned": _("no dates yet"),
    "completed": _("finished"),
    "cancelled": _("stopped"),
}


def statuses_in(name):
    """The statuses that a column or filter stands for."""
    return GROUPS[name][1] if name in GROUPS else frozenset({name})


def label_of(name):
    return GROUPS[name][0] if name in GROUPS else STATUS_LABELS[name]


def sent_in():
    """The ideas that count: whatever was sent in at some time."""
    return Proposal.objects.filter(submitted_at__isnull=False).exclude(status=Status.DRAFT)


def waiting():
    """Ideas that wait for the wijkmanager now, longest first."""
    return sent_in().waiting().filter(waiting_since__isnull=False)


def waiting_long(now):
    return waiting().filter(waiting_since__lt=now - datetime.timedelta(days=LONG_WAIT_DAYS))


def with_decision():
    """Ideas with `decided_at`: when they first heard whether it can be done (NULL: not yet)."""
    answers = ProposalEvent.objects.filter(proposal=OuterRef("pk"), kind__in=["accept", "reject"]).order_by()
    return sent_in().annotate(
        decided_at=Subquery(answers.values("proposal").annotate(first=Min("at")).values("first")[:1])
    )


def decided_lately(now):
    """Ideas that got their first answer in the year before `now`."""
    return with_decision().filter(decided_at__gte=now - datetime.timedelta(days=DECISIONS_OF_DAYS))


def projects(today):
    """Projects with `state`, a key of PROJECT_STATES: what became of their promised dates; and `urgency`, its place in that table."""
    steps = Milestone.objects.filter(proposal=OuterRef("pk"))
    still_open = steps.filter(done_on=None)
    overdue = Exists(still_open.filter(promised_on__lt=today))
    moved = Exists(still_open.filter(promised_on__gt=F("first_promised_on")))
    state = Case(
        When(status=Status.COMPLETED, then=Value("completed")),
        When(status=Status.CANCELLED, then=Value("cancelled")),
        When(overdue, then=Value("late")),
        When(moved, then=Value("moved")),
        When(Exists(steps), then=Value("on_time")),
        default=Value("unplanned"),
        output_field=CharField(),
    )
    places = [When(state=name, then=Value(place)) for place, name in enumerate(PROJECT_STATES)]
    return (
        Proposal.objects.projects().annotate(state=state).annotate(urgency=Case(*places, output_field=IntegerField()))
    )


def late_projects(today):
    """Projects with a step whose day has passed, the longest overdue first; each with `late_since`."""
    overdue = Q(milestones__done_on=None, milestones__promised_on__lt=today)
    late = projects(today).filter(state="late").annotate(late_since=Min("milestones__promised_on", filter=overdue))
    return late.order_by("late_since", "id")


def by_next_promise(rows):
    """Projects by the day that was promised for their first open step, the longest overdue first; without one at the end."""
    next_on = Min("milestones__promised_on", filter=Q(milestones__done_on=None))
    return rows.annotate(next_on=next_on).order_by(F("next_on").asc(nulls_last=True), "id")


# --- Per wijk --------------------------------------------------------------------------------------------------------


def ideas_per_neighbourhood():
    """{wijk id: Counter of statuses and groups}. One query."""
    found = defaultdict(Counter)
    rows = sent_in().order_by().values_list("neighbourhood_id", "status").annotate(number=Count("pk"))
    for wijk_id, status, number in rows:
        found[wijk_id][status] += number
        for name, (_label, statuses) in GROUPS.items():
            if status in statuses:
                found[wijk_id][name] += number
        found[wijk_id]["all"] += number
    return found


def projects_per_neighbourhood(today):
    """{wijk id: Counter of PROJECT_STATES}. One query."""
    found = defaultdict(Counter)
    rows = projects(today).order_by().values_list("neighbourhood_id", "state").annotate(number=Count("pk"))
    for wijk_id, state, number in rows:
        found[wijk_id][state] += number
        found[wijk_id]["all"] += number
    return found


def days_between(start, end):
    """Whole calendar days here, from one moment to another."""
    return (timezone.localdate(end) - timezone.localdate(start)).days


def waiting_per_neighbourhood(now):
    """{wijk id: list of days that ideas wait now, longest first}. One query."""
    found = defaultdict(list)
    for wijk_id, since in waiting().values_list("neighbourhood_id", "waiting_since"):
        found[wijk_id].append(days_between(since, now))
    return found


def decisions_per_neighbourhood(now):
    """{wijk id: list of days from sending in to the first answer}, of the last year. One query."""
    found = defaultdict(list)
    rows = decided_lately(now).order_by().values_list("neighbourhood_id", "submitted_at", "decided_at")
    for wijk_id, start, end in rows:
        found[wijk_id].append(max(days_between(start, end), 0))
    return found


def median(days):
    """The middle one of a list of days, in whole days; None without any."""
    return round(statistics.median(days)) if days else None


def counts_of_town(per_neighbourhood):
    """The Counters of all wijken together."""
    return sum(per_neighbourhood.values(), Counter())


def days_of_town(per_neighbourhood):
    """The days of all wijken together."""
    return [days for of_wijk in per_neighbourhood.values() for days in of_wijk]


# --- One project -----------------------------------------------------------------------------------------------------


def promises(project, today):
    """How a project stands, from its prefetched milestones: done, total, the step that matters now, days late and the reason.

    The step that matters is the longest overdue one, else the first that is open.
    """
    steps = list(project.milestones.all())
    still_open = sorted((step for step in steps if step.done_on is None), key=lambda step: (step.promised_on, step.pk))
    current = still_open[0] if still_open else None
    last = max((step.promised_on for step in steps), default=None)
    return {
        "project": project,
        "done": len(steps) - len(still_open),
        "total": len(steps),
        "step": current,
        "promised_on": current.promised_on if current else last,
        "first_promised_on": current.first_promised_on if current else None,
        "days_late": (today - current.promised_on).days if current and current.promised_on < today else 0,
        "reason": current.late_reason if current else "",
        "ready_on": last,
    }
