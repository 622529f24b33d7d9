"""From an election held elsewhere (a Pabulib file) to ideas, a budget and awards here, through the real actions."""

import datetime
import re
from collections import defaultdict

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from budgets import actions
from budgets.models import Budget
from neighbourhoods.models import Theme
from proposals.actions import pass_over_proposal, record_import
from proposals.models import Proposal
from proposals.workflow import Status

IMPORTER_EMAIL = "import@wijkportaal.invalid"
NO_CATEGORY = "Overig"


class NotImported(Exception):
    """The file is well formed and can't be imported all the same; the text says why."""


@transaction.atomic
def import_election(election, *, neighbourhood, now):
    """Make every project of `election` a published, feasible idea of `neighbourhood`. All or nothing; returns {project id: Proposal}.

    Costs become the requested and the estimated amount, the first category the theme, and the recorded votes a figure from elsewhere.
    Raises NotImported when the election is here already, or isn't in euros.
    """
    if election.meta["currency"] != "EUR":
        raise NotImported(f"the amounts are in {election.meta['currency']}, not in EUR")
    source = source_of(election)
    if Proposal.objects.filter(source=source).exists():
        raise NotImported(f"“{source}” was imported before")
    importer = the_importer()
    votes = _votes(election)
    proposals = {}
    for project in election.projects:
        proposal = Proposal(
            neighbourhood=neighbourhood,
            theme=_theme(project.categories[0] if project.categories else NO_CATEGORY),
            author=importer,
            title=_title(project),
            what=project.description or project.name or project.id,
            requested_cents=project.cost_cents,
            estimated_cents=project.cost_cents,
            recorded_votes=votes[project.id],
            source=source,
            source_id=project.id,
            area=project.neighborhood[:80],
        )
        proposals[project.id] = record_import(proposal, actor=importer, now=now)
    return proposals


@transaction.atomic
def make_budget(election, *, neighbourhood, now):
    """The budget of `election`, granted to `neighbourhood`: from the first of January of its year to the end of the next."""
    decided_on = decision_date(election)
    budget = Budget(
        name=election.meta["description"][:120],
        starts_on=datetime.date(decided_on.year, 1, 1),
        ends_on=datetime.date(decided_on.year + 1, 12, 31),
        decision_title=source_of(election),
        decision_on=decided_on,
    )
    return actions.create_budget(
        budget, [neighbourhood], amount_cents=election.budget_cents, actor=the_importer(), now=now
    )


@transaction.atomic
def award(project_ids, proposals, *, election, budget, now):
    """Award these projects their whole cost, in this order. Raises NotEnoughMoney (and awards none) when they don't fit."""
    for pk in project_ids:
        actions.award_project(
            proposals[pk],
            budget=budget,
            amount_cents=proposals[pk].estimated_cents,
            decided_on=decision_date(election),
            decided_by=source_of(election),
            reason="Gekozen door bewoners.",
            actor=the_importer(),
            now=now,
        )


@transaction.atomic
def pass_over_the_rest(proposals, *, election, now):
    """Whatever of `proposals` was not awarded was not chosen."""
    rest = Proposal.objects.filter(pk__in=[proposal.pk for proposal in proposals.values()], status=Status.FEASIBLE)
    for proposal in rest:
        reason = f"Niet gekozen: {source_of(election)}."
        pass_over_proposal(proposal, reason=reason, actor=the_importer(), now=now)


def recorded_winners(election):
    """Ids of the projects that the file itself says were chosen, in the order of the file."""
    return [project.id for project in election.projects if project.selected == 1 and project.cost_cents]


def most_voted_that_fit(election):
    """Ids by votes, most first (ties: as in the file); what doesn't fit the rest of the budget or a cap is passed over."""
    votes = _votes(election)
    left = election.budget_cents
    caps = {(cap.kind, cap.name): cap.limit_cents for cap in election.caps}
    used = defaultdict(int)
    chosen = []
    for project in sorted(election.projects, key=lambda project: -votes[project.id]):
        keys = [("category", name) for name in project.categories] + [("neighborhood", project.neighborhood)]
        keys = [key for key in keys if key in caps]
        fits = project.cost_cents <= left and all(used[key] + project.cost_cents <= caps[key] for key in keys)
        if fits and project.cost_cents and votes[project.id] >= election.threshold:
            left -= project.cost_cents
            for key in keys:
                used[key] += project.cost_cents
            chosen.append(project.id)
    return chosen


def source_of(election):
    """How the election is called on screen: who held it, what it was, when."""
    meta = election.meta
    return f"{meta['unit']}, {meta['description']} {meta['instance'] if meta['instance'] in meta['date_end'] else _year(meta)}"[
        :160
    ]


def decision_date(election):
    """The last day of the election; of a year alone its last day."""
    text = election.meta["date_end"]
    if match := re.fullmatch(r"(\d{1,2})[.-](\d{1,2})[.-](\d{4})", text):
        day, month, year = map(int, match.groups())
    elif match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        year, month, day = map(int, match.groups())
    else:
        year, month, day = _year(election.meta), 12, 31
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise NotImported(f"“{text}” is not a date") from None


def the_importer():
    """The account that stands behind imported ideas: nobody can sign in with it and no mail goes to it."""
    user = User.objects.filter(email=IMPORTER_EMAIL).first()
    return user or User.objects.create_user(IMPORTER_EMAIL, "Overgenomen uit een andere ronde", is_active=False)


def _year(meta):
    match = re.search(r"(?:19|20)\d\d", meta["date_end"])
    if not match:
        raise NotImported(f"“{meta['date_end']}” has no year")
    return int(match.group())


def _votes(election):
    counted = defaultdict(int)
    for ballot in election.ballots:
        for choice in ballot.choices:
            counted[choice] += 1
    return {
        project.id: counted[project.id] if project.votes is None else project.votes for project in election.projects
    }


def _title(project):
    title = " ".join((project.name or f"Project {project.id}").split())
    return title if len(title) <= 120 else title[:119].rstrip() + "…"


def _theme(name):
    theme = Theme.objects.filter(name=name[:60]).first()
    if theme is None:
        slug = slugify(name)[:50] or "thema"
        taken = Theme.objects.filter(slug=slug).exists()
        theme = Theme.objects.create(
            name=name[:60],
            slug=f"{slug}-{Theme.objects.count()}" if taken else slug,
            position=100,
            is_active=False,  # the town chose its own themes; this one only tells about ideas from elsewhere
        )
    return theme
