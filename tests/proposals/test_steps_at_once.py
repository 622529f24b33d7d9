"""Two people press at the same moment, on PostgreSQL: the second sees what the first did. Each with a twin in which the lock is off."""

import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection

from proposals import actions
from proposals.models import Milestone, Proposal, ProposalEvent
from proposals.workflow import NotPossible
from tests.factories import NOW, make_proposal

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(*deeds):
    """Do all `deeds` at the same moment, each with a connection of its own; the refusals that came back, None where it went well."""
    start, answers = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        start.wait()
        try:
            deed()
        except (ValidationError, NotPossible, OperationalError) as refusal:
            answers[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def lock_off(monkeypatch):
    """Read without a lock, and take a moment: what others do meanwhile isn't seen."""

    def read(proposal):
        idea = Proposal.objects.select_related("neighbourhood", "author").get(pk=proposal.pk)
        time.sleep(0.2)
        return idea

    monkeypatch.setattr(actions, "lock", read)


def reach_by_eight(milestone, wim):
    return at_once(*[lambda: actions.reach_milestone(milestone, actor=wim, now=NOW) for _ in range(8)])


def hide_by_eight(comment, wim):
    return at_once(*[lambda: actions.hide_comment(comment, reason="Niet aardig", actor=wim, now=NOW) for _ in range(8)])


def test_a_step_is_done_once(wim, project):
    answers = reach_by_eight(project.milestones.get(), wim)
    assert answers.count(None) == 1
    assert ProposalEvent.objects.filter(kind="reach").count() == 1


def test_without_the_lock_a_step_is_done_more_than_once(lock_off, wim, project):
    reach_by_eight(project.milestones.get(), wim)
    assert ProposalEvent.objects.filter(kind="reach").count() > 1


def test_a_reaction_is_hidden_once_and_counted_once(wim, rob, published):
    comment = actions.add_comment(published, text="Onzin", actor=rob, now=NOW)
    actions.add_comment(published, text="Goed idee", actor=rob, now=NOW)
    assert hide_by_eight(comment, wim).count(None) == 1
    published.refresh_from_db()
    assert published.comment_count == 1


def test_without_the_lock_a_reaction_is_hidden_more_than_once(lock_off, wim, rob, published):
    for _ in range(8):  # enough to take away, or the CHECK on the counter refuses what the lock should have
        comment = actions.add_comment(published, text="Onzin", actor=rob, now=NOW)
    hide_by_eight(comment, wim)
    assert ProposalEvent.objects.filter(kind="hide_comment").count() > 1


def test_two_ideas_merged_into_each_other_leave_one(wim, ria, rob, centrum):
    for _ in range(5):
        one = make_proposal(ria, centrum, "published", manager=wim)
        two = make_proposal(rob, centrum, "published", manager=wim)
        answers = at_once(
            lambda one=one, two=two: actions.merge_proposals(one, into=two, reason="Gelijk", actor=wim, now=NOW),
            lambda one=one, two=two: actions.merge_proposals(two, into=one, reason="Gelijk", actor=wim, now=NOW),
        )
        refused = [answer for answer in answers if answer is not None]
        assert len(refused) == 1
        assert not isinstance(refused[0], OperationalError), "they waited for each other"
        assert Proposal.objects.filter(pk__in=[one.pk, two.pk], status="merged").count() == 1


def test_locked_in_the_order_of_the_arguments_two_merges_wait_for_each_other(monkeypatch, wim, ria, rob, centrum):
    one = make_proposal(ria, centrum, "published", manager=wim)
    two = make_proposal(rob, centrum, "published", manager=wim)
    real = actions.lock

    def slowly(proposal):
        idea = real(proposal)
        time.sleep(0.3)
        return idea

    monkeypatch.setattr(actions, "lock", slowly)
    monkeypatch.setattr(actions, "sorted", lambda pair, key: pair, raising=False)
    answers = at_once(
        lambda: actions.merge_proposals(one, into=two, reason="Gelijk", actor=wim, now=NOW),
        lambda: actions.merge_proposals(two, into=one, reason="Gelijk", actor=wim, now=NOW),
    )
    assert any(isinstance(answer, OperationalError) for answer in answers)


def test_a_project_does_not_end_while_a_step_is_planned(wim, project):
    """Whoever comes first: never a finished project with an open step."""
    from budgets.actions import finish_project

    actions.reach_milestone(project.milestones.get(), actor=wim, now=NOW)
    at_once(
        lambda: finish_project(project, reason="Klaar", actor=wim, now=NOW),
        lambda: actions.plan_milestone(project, title="Nog iets", promised_on=NOW.date(), actor=wim, now=NOW),
    )
    project.refresh_from_db()
    assert not (project.status == "completed" and Milestone.objects.filter(done_on=None).exists())
