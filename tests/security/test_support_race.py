"""One person, one support: also when the same person presses sixty-four times at the same moment."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from proposals import actions
from proposals.models import Proposal, ProposalEvent, Support
from tests.factories import NOW, make_user

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT_ONCE = 64


def press_at_once(deeds):
    """Do all `deeds` at the same moment, each with a connection of its own; the errors that came back."""
    start = threading.Barrier(len(deeds))

    def press(deed):
        try:
            start.wait(timeout=30)
            deed()
        except Exception as error:
            return error
        else:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [error for error in threads.map(press, deeds) if error]


def support(idea, user):
    return lambda: actions.support_proposal(idea, actor=user, now=NOW)


def test_sixty_four_presses_of_one_person_are_one_support(published, rob):
    assert not press_at_once([support(published, rob)] * AT_ONCE)
    published.refresh_from_db()
    assert (published.support_count, published.supports.count()) == (1, 1)
    assert ProposalEvent.objects.filter(proposal=published, kind="support").count() == 1


def test_sixteen_people_are_sixteen_supports(published):
    people = [make_user(f"Mens {number}") for number in range(16)]
    assert not press_at_once([support(published, user) for user in people])
    published.refresh_from_db()
    assert (published.support_count, published.supports.count()) == (16, 16)


def test_pressing_and_taking_back_at_once_leaves_the_count_right(published, rob):
    deeds = [support(published, rob), lambda: actions.unsupport_proposal(published, actor=rob, now=NOW)] * 16
    assert not press_at_once(deeds)
    published.refresh_from_db()
    assert published.support_count == published.supports.count() <= 1


@pytest.fixture
def guards_off(monkeypatch):
    """No lock, no constraint, and a moment between the look and the writing."""

    def read(proposal):
        return Proposal.objects.select_related("neighbourhood", "author").get(pk=proposal.pk)

    def careless(self, defaults=None, **look):
        found = self.filter(**look).first()
        time.sleep(0.2)
        return (found, False) if found else (self.create(**look, **(defaults or {})), True)

    once = next(found for found in Support._meta.constraints if found.name == "support_once")
    monkeypatch.setattr(actions, "lock", read)
    monkeypatch.setattr(type(Support.objects.all()), "get_or_create", careless)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Support, once)
    yield
    monkeypatch.undo()
    Support.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Support, once)


@pytest.mark.postgres
def test_without_lock_and_constraint_one_person_counts_more_than_once(published, rob, guards_off):
    """Negative control. (SQLite lets one writer in at a time, whatever the code does.)"""
    press_at_once([support(published, rob)] * 16)
    assert published.supports.count() > 1
