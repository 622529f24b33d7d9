"""The walk: every verb from every status, as the workflow's table says, through the real actions."""

import pytest

from proposals import workflow
from proposals.models import ProposalEvent
from proposals.workflow import Status, is_possible, next_status
from tests.factories import make_budget, make_proposal


@pytest.mark.parametrize("status", list(Status))
def test_an_idea_reaches_every_status_by_the_real_road(status, ria, wim, centrum, budget):
    proposal = make_proposal(ria, centrum, status, manager=wim, budget=budget)
    assert proposal.status == status


@pytest.mark.parametrize("verb", list(workflow.VERBS))
@pytest.mark.parametrize("status", list(Status))
def test_the_table_and_the_guard_agree(verb, status):
    if is_possible(verb, status):
        assert next_status(verb, status) == (workflow.VERBS[verb].target or status)
    else:
        with pytest.raises(workflow.NotPossible):
            next_status(verb, status)


def test_every_step_leaves_one_event_with_the_statuses_around_it(project):
    rows = list(ProposalEvent.objects.filter(proposal=project).values_list("kind", "from_status", "to_status"))
    assert rows == [
        ("create", "", "draft"),
        ("submit", "draft", "submitted"),
        ("publish", "submitted", "published"),
        ("assess", "published", "published"),
        ("accept", "published", "feasible"),
        ("award", "feasible", "awarded"),
        ("plan", "awarded", "awarded"),
        ("start", "awarded", "in_progress"),
    ]


def test_finishing_returns_what_was_not_spent(ria, wim, centrum):
    budget = make_budget(centrum, amount_cents=500_000)
    make_proposal(ria, centrum, "completed", manager=wim, budget=budget)
    free = budget.accounts.get(kind="free")
    assert free.balance_cents == 500_000
