"""Short ways to make things, for tests. They go through the real actions wherever there is one."""

import datetime
import itertools
import uuid

from django.contrib.auth import get_user_model
from django.utils import timezone

from budgets import actions as budget_actions
from budgets.models import Budget
from neighbourhoods.models import Membership, Neighbourhood, Role, Theme
from neighbourhoods.policies import forget_roles
from proposals import actions
from proposals.models import Proposal
from proposals.workflow import Status

NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)
_numbers = itertools.count(1)


def make_user(name="Someone", email=None, **fields):
    """A person who can sign in; their address is verified."""
    email = email or f"{name.lower().replace(' ', '.')}.{next(_numbers)}@example.org"
    user = get_user_model().objects.create_user(email, name, **fields)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def give_role(user, role, neighbourhood=None, starts_on=datetime.date(2020, 1, 1), ends_on=None):
    forget_roles(user)
    return Membership.objects.create(
        user=user, role=role, neighbourhood=neighbourhood, starts_on=starts_on, ends_on=ends_on
    )


def make_neighbourhood(name, code=None, **fields):
    slug = name.lower().replace(" ", "-")
    return Neighbourhood.objects.create(name=name, slug=slug, code=code or f"WK99{next(_numbers):04}", **fields)


def make_theme(name="Groen"):
    return Theme.objects.get_or_create(name=name, defaults={"slug": name.lower()})[0]


def make_proposal(author, neighbourhood, status=Status.DRAFT, *, manager=None, budget=None, now=NOW, **fields):
    """An idea that walked the real road up to `status`. Beyond `submitted` it needs a `manager`, from `awarded` on a `budget`."""
    fields = {"title": f"Bankje {next(_numbers)}", "what": "Een bankje bij de vijver.", "theme": make_theme(), **fields}
    proposal = actions.create_proposal(author=author, neighbourhood=neighbourhood, now=now, **fields)
    return walk(proposal, status, manager=manager, budget=budget, now=now)


def walk(proposal, status, *, manager=None, budget=None, now=NOW):
    """Take `proposal` along the shortest road to `status`."""
    by = {"actor": manager, "now": now}
    author = {"actor": proposal.author, "now": now}
    steps = {
        Status.SUBMITTED: lambda p: actions.submit_proposal(p, **author),
        Status.RETURNED: lambda p: actions.send_back_proposal(p, reason="Vertel meer.", **by),
        Status.WITHDRAWN: lambda p: actions.withdraw_proposal(p, reason="Toch niet.", **author),
        Status.PUBLISHED: lambda p: actions.publish_proposal(p, **by),
        Status.FEASIBLE: lambda p: _assess_and_accept(p, by),
        Status.INFEASIBLE: lambda p: actions.reject_proposal(p, reason="De grond is niet van ons.", **by),
        Status.NOT_CHOSEN: lambda p: actions.pass_over_proposal(p, reason="Er was te weinig geld.", **by),
        Status.AWARDED: lambda p: make_award(p, budget, **by).proposal,
        Status.IN_PROGRESS: lambda p: _plan_and_start(p, by),
        Status.COMPLETED: lambda p: _finish(p, by),
        Status.CANCELLED: lambda p: budget_actions.cancel_project(p, reason="De aannemer stopte.", **by),
        Status.MERGED: lambda p: _merge(p, by),
    }
    roads = {
        Status.DRAFT: [],
        Status.WITHDRAWN: [Status.SUBMITTED, Status.PUBLISHED, Status.WITHDRAWN],
        Status.RETURNED: [Status.SUBMITTED, Status.RETURNED],
        Status.INFEASIBLE: [Status.SUBMITTED, Status.PUBLISHED, Status.INFEASIBLE],
        Status.NOT_CHOSEN: [Status.SUBMITTED, Status.PUBLISHED, Status.FEASIBLE, Status.NOT_CHOSEN],
        Status.MERGED: [Status.SUBMITTED, Status.PUBLISHED, Status.MERGED],
        Status.CANCELLED: [Status.SUBMITTED, Status.PUBLISHED, Status.FEASIBLE, Status.AWARDED, Status.CANCELLED],
    }
    straight = [
        Status.SUBMITTED,
        Status.PUBLISHED,
        Status.FEASIBLE,
        Status.AWARDED,
        Status.IN_PROGRESS,
        Status.COMPLETED,
    ]
    road = roads[status] if status in roads else straight[: straight.index(status) + 1]
    for stop in road:
        proposal = steps[stop](proposal)
    return Proposal.objects.get(pk=proposal.pk)


def _assess_and_accept(proposal, by):
    proposal = actions.assess_proposal(
        proposal, version=proposal.version, estimated_cents=100_000, technical="yes", legal="yes", **by
    )
    return actions.accept_proposal(proposal, reason="Dit kan.", **by)


def _plan_and_start(proposal, by):
    actions.plan_milestone(
        proposal, title="Bankje besteld", promised_on=by["now"].date() + datetime.timedelta(days=30), **by
    )
    return actions.start_project(proposal, **by)


def _finish(proposal, by):
    for milestone in proposal.milestones.filter(done_on=None):
        actions.reach_milestone(milestone, **by)
    return budget_actions.finish_project(proposal, reason="Het bankje staat er.", **by)


def _merge(proposal, by):
    other = make_proposal(
        make_user("Ander"), proposal.neighbourhood, Status.PUBLISHED, manager=by["actor"], now=by["now"]
    )
    return actions.merge_proposals(proposal, into=other, reason="Hetzelfde idee.", **by)


def make_budget(*neighbourhoods, amount_cents=5_000_000, actor=None, name="Wijkbudget 2026", now=NOW, **fields):
    """A budget for the whole of 2026 with money in it."""
    budget = Budget(
        **{
            "name": name,
            "starts_on": datetime.date(2026, 1, 1),
            "ends_on": datetime.date(2026, 12, 31),
            "decision_title": "Programmabegroting 2026",
            "decision_on": datetime.date(2025, 11, 12),
            **fields,
        }
    )
    actor = actor or _an_officer()
    return budget_actions.create_budget(budget, list(neighbourhoods), amount_cents=amount_cents, actor=actor, now=now)


def _an_officer():
    membership = Membership.objects.filter(role=Role.FINANCE_OFFICER).select_related("user").first()
    if membership:
        return membership.user
    user = make_user("Fien")
    give_role(user, Role.FINANCE_OFFICER)
    return user


def make_award(proposal, budget, *, amount_cents=100_000, actor, now=NOW):
    return budget_actions.award_project(
        proposal,
        budget=budget,
        amount_cents=amount_cents,
        decided_on=timezone.localdate(now),
        decided_by="Wijkteamoverleg",
        reason="Veel steun in de wijk.",
        actor=actor,
        now=now,
    )


def new_key():
    return uuid.uuid4()
