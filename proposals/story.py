"""How the life of an idea is told on its page: the steps it went, the timeline, and the buttons for the staff of the wijk."""

from dataclasses import dataclass

from django.urls import reverse

from proposals.workflow import OFF_THE_ROAD, STEPS, VERBS, Status

# Hundreds of these would hide the rest, also for staff; the page shows supports and reactions elsewhere.
NOT_TOLD = frozenset({"support", "unsupport", "comment", "report_comment", "keep_comment", "edit", "invite"})
STARTS_OVER = frozenset({"send_back", "reject", "pass_over", "withdraw", "cancel", "merge"})

# What the wijkmanager does next, per status: the first button.
NEXT_FOR_STAFF = {
    Status.SUBMITTED: ["publish", "send_back"],
    Status.PUBLISHED: ["assess", "accept", "reject"],
    Status.FEASIBLE: ["award", "pass_over"],
    Status.AWARDED: ["plan", "start"],
    Status.IN_PROGRESS: ["report", "spend"],
}
STAFF_VERBS = (
    "publish send_back assess accept reject reopen award pass_over start "
    "plan report spend ask assign merge finish cancel note"
).split()
BY_BUDGETS = frozenset({"award", "spend", "finish", "cancel"})  # their pages are in budgets/urls.py


@dataclass(frozen=True)
class Step:
    label: str
    state: str  # done, current, upcoming or stopped


@dataclass(frozen=True)
class Button:
    verb: str
    label: str
    url: str
    is_next: bool


def timeline_of(proposal, *, sees_internal):
    """The steps of `proposal`, newest first, as far as the reader sees them; each says its `title` and `dot`."""
    events = proposal.events.exclude(kind__in=NOT_TOLD).select_related("actor")
    if not sees_internal:
        events = events.filter(is_public=True)
    events = list(events.order_by("-id"))
    for event in events:
        event.title = VERBS[event.kind].done if event.kind in VERBS else event.kind
        event.dot = "stopped" if event.kind in STARTS_OVER else "done"
    if events and proposal.status not in OFF_THE_ROAD:
        events[0].dot = "now" if events[0].dot == "done" else events[0].dot
    return events


def steps_of(proposal, events):
    """Where the idea is on the road, for components/steps.html. One that left the road shows where; `events` begin with the newest."""
    status = proposal.status
    if status in OFF_THE_ROAD:
        left = next((event.from_status for event in events if event.to_status == status != event.from_status), None)
        reached = STEPS.index(left) + 1 if left in STEPS else 1
        done = [Step(Status(step).label, "done") for step in STEPS[:reached]]
        return [*done, Step(Status(status).label, "stopped")]
    if status not in STEPS:  # a draft, or one that was sent back
        return [Step(Status(status).label, "current"), *(Step(step.label, "upcoming") for step in STEPS)]
    here = STEPS.index(status)
    is_finished = status == STEPS[-1]
    states = ["done" if i < here or is_finished else "current" if i == here else "upcoming" for i in range(len(STEPS))]
    return [Step(step.label, state) for step, state in zip(STEPS, states, strict=True)]


def buttons_for(proposal, verbs):
    """The buttons of the wijkmanager's box, what is next first; `verbs` is what the reader may do (policies.verbs_for)."""
    first = [verb for verb in NEXT_FOR_STAFF.get(proposal.status, []) if verb in verbs]
    rest = [verb for verb in STAFF_VERBS if verb in verbs and verb not in first]
    return [
        Button(
            verb,
            VERBS[verb].label,
            reverse(f"{'budgets' if verb in BY_BUDGETS else 'proposals'}:{verb}", args=[proposal.pk]),
            verb in first[:1],
        )
        for verb in [*first, *rest]
    ]
