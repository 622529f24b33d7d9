"""What follows what: the walk of an idea, as one table. No database and no request in here.

Buttons, guards, the timeline and the tests all read this table. A verb is at once URL name, key of proposals/policies.py,
kind of the event and button. The verbs of money (award, spend, finish, cancel) are acted out in budgets/actions.py, by the same table.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Where an idea is, in the words a resident reads."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Sent in")
    RETURNED = "returned", _("Sent back to you")
    PUBLISHED = "published", _("We check if it can be done")
    FEASIBLE = "feasible", _("It can be done")
    INFEASIBLE = "infeasible", _("Can't be done")
    NOT_CHOSEN = "not_chosen", _("Not chosen")
    AWARDED = "awarded", _("Money awarded")
    IN_PROGRESS = "in_progress", _("Being made")
    COMPLETED = "completed", _("Finished")
    CANCELLED = "cancelled", _("Stopped")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged")


S = Status
PRIVATE = frozenset({S.DRAFT, S.SUBMITTED, S.RETURNED})
OPEN_FOR_SUPPORT = frozenset({S.PUBLISHED, S.FEASIBLE})
OPEN_FOR_TALK = frozenset(
    {S.PUBLISHED, S.FEASIBLE, S.INFEASIBLE, S.NOT_CHOSEN, S.AWARDED, S.IN_PROGRESS, S.COMPLETED, S.CANCELLED}
)
OFF_THE_ROAD = frozenset({S.INFEASIBLE, S.NOT_CHOSEN, S.CANCELLED, S.WITHDRAWN, S.MERGED})
# What was said stays readable when an idea leaves the road, so it can still be hidden.
OPEN_FOR_JUDGING = OPEN_FOR_TALK | {S.WITHDRAWN, S.MERGED}
PROJECT = frozenset({S.AWARDED, S.IN_PROGRESS, S.COMPLETED, S.CANCELLED})
RUNNING = frozenset({S.AWARDED, S.IN_PROGRESS})
WAITS_FOR_MANAGER = frozenset({S.SUBMITTED, S.PUBLISHED, S.FEASIBLE})
# The steps that a resident sees above an idea; an idea that left the road shows where it left it.
STEPS = (S.SUBMITTED, S.PUBLISHED, S.FEASIBLE, S.AWARDED, S.IN_PROGRESS, S.COMPLETED)


@dataclass(frozen=True)
class Verb:
    """One thing that can be done with an idea: from which statuses, to which (None: it stays), and whether a reason is needed."""

    name: str
    label: str  # on the button
    done: str  # on the timeline
    sources: frozenset
    target: str | None = None
    needs_reason: bool = False
    is_public: bool = True


def _verb(name, label, done, sources, target=None, *, needs_reason=False, is_public=True):
    return name, Verb(name, label, done, frozenset(sources), target, needs_reason, is_public)


BEFORE_THE_CHOICE = {S.DRAFT, S.SUBMITTED, S.RETURNED, S.PUBLISHED, S.FEASIBLE}
BEFORE_THE_END = BEFORE_THE_CHOICE | RUNNING
LOOKED_AT = {S.SUBMITTED, S.PUBLISHED, S.FEASIBLE}

# fmt: off
VERBS = dict(
    [
        # The people who bring the idea.
        _verb("create", _("Write an idea"), _("Idea written"), [], S.DRAFT, is_public=False),
        _verb("edit", _("Change the idea"), _("Idea changed"), [S.DRAFT, S.RETURNED], is_public=False),
        _verb("submit", _("Send in"), _("Idea sent in"), [S.DRAFT, S.RETURNED], S.SUBMITTED),
        _verb("withdraw", _("Withdraw the idea"), _("Idea withdrawn"), BEFORE_THE_CHOICE, S.WITHDRAWN, needs_reason=True),
        _verb("invite", _("Invite people"), _("Someone was invited"), BEFORE_THE_CHOICE, is_public=False),
        _verb("join", _("Join in"), _("Someone joined in"), BEFORE_THE_END),
        _verb("leave", _("Stop joining in"), _("Someone stopped joining in"), BEFORE_THE_END),
        _verb("answer", _("Answer the question"), _("Question answered"), LOOKED_AT, needs_reason=True),
        # Everyone with an account. Hundreds of these would hide the rest of the timeline.
        _verb("support", _("Support this idea"), _("Support given"), OPEN_FOR_SUPPORT, is_public=False),
        _verb("unsupport", _("Take back your support"), _("Support taken back"), OPEN_FOR_SUPPORT, is_public=False),
        _verb("comment", _("React"), _("Reaction written"), OPEN_FOR_TALK, is_public=False),
        _verb("report_comment", _("Report this reaction"), _("Reaction reported"), OPEN_FOR_TALK, is_public=False),
        _verb("hide_comment", _("Hide this reaction"), _("A reaction was hidden"), OPEN_FOR_JUDGING, needs_reason=True),
        _verb("keep_comment", _("Leave this reaction"), _("Reported reaction left standing"), OPEN_FOR_JUDGING, is_public=False),
        # The wijkmanager: can it be done?
        _verb("publish", _("Publish the idea"), _("Idea published"), [S.SUBMITTED], S.PUBLISHED),
        _verb("send_back", _("Send back"), _("Idea sent back"), [S.SUBMITTED], S.RETURNED, needs_reason=True),
        _verb("ask", _("Ask a question"), _("Question asked"), LOOKED_AT, needs_reason=True),
        _verb("assign", _("Give the check to a person"), _("Check given to a person"), [S.SUBMITTED, S.PUBLISHED], is_public=False),
        _verb("assess", _("Write down the check"), _("Check written down"), [S.PUBLISHED]),
        _verb("accept", _("It can be done"), _("It can be done"), [S.PUBLISHED], S.FEASIBLE, needs_reason=True),
        _verb("reject", _("It can't be done"), _("It can't be done"), [S.PUBLISHED, S.FEASIBLE], S.INFEASIBLE, needs_reason=True),
        _verb("pass_over", _("Not chosen"), _("Not chosen"), [S.FEASIBLE], S.NOT_CHOSEN, needs_reason=True),
        _verb("reopen", _("Check again"), _("Checked again"), [S.INFEASIBLE, S.NOT_CHOSEN, S.FEASIBLE], S.PUBLISHED, needs_reason=True),
        _verb("merge", _("Merge with another idea"), _("Merged with another idea"), LOOKED_AT, S.MERGED, needs_reason=True),
        _verb("receive", _("Merge another idea with this"), _("Another idea was merged with this one"), []),
        _verb("note", _("Internal note"), _("Internal note"), set(S) - {S.DRAFT}, needs_reason=True, is_public=False),
        # Money and work.
        _verb("award", _("Award money"), _("Money awarded"), [S.FEASIBLE], S.AWARDED, needs_reason=True),
        _verb("plan", _("Plan a step"), _("Step planned"), RUNNING),
        _verb("replan", _("Change the date"), _("Date of a step changed"), RUNNING, needs_reason=True),
        _verb("start", _("Start the work"), _("Work started"), [S.AWARDED], S.IN_PROGRESS),
        _verb("reach", _("Step is done"), _("Step done"), [S.IN_PROGRESS]),
        _verb("report", _("Tell how it goes"), _("News from the project"), RUNNING),
        _verb("spend", _("Write down a payment"), _("Payment written down"), [S.IN_PROGRESS], needs_reason=True),
        _verb("correct", _("Correct a payment"), _("Payment corrected"), [S.IN_PROGRESS], needs_reason=True),
        _verb("finish", _("Finish the project"), _("Project finished"), [S.IN_PROGRESS], S.COMPLETED, needs_reason=True),
        _verb("cancel", _("Stop the project"), _("Project stopped"), RUNNING, S.CANCELLED, needs_reason=True),
    ]
)
# fmt: on


# After one of these the wijkmanager has seen what an initiator answered.
SETTLES_AN_ANSWER = frozenset(name for name, verb in VERBS.items() if verb.target) | {"ask", "assess", "assign"}


class Task(TextChoices):
    """What an idea on the work list asks of the wijkmanager."""

    LOOK = "look", _("Look at it")
    CHECK = "check", _("Check if it can be done")
    DECIDE = "decide", _("Decide about the money")
    ANSWER = "answer", _("Read the answer")
    QUESTION = "question", _("Waits for an answer")


class NotPossible(Exception):
    """The verb doesn't fit the status: someone else was faster, or an old page was sent."""

    def __init__(self, verb, status):
        super().__init__(f"{verb} is not possible from {status}")
        self.verb, self.status = verb, status


def is_possible(verb, status):
    """Whether the table lets `verb` (a name) be done from `status`."""
    return status in VERBS[verb].sources


def next_status(verb, status):
    """The status after `verb`; raises NotPossible when the table has no such step."""
    if not is_possible(verb, status):
        raise NotPossible(verb, status)
    return VERBS[verb].target or status
