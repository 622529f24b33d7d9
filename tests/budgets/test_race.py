"""Sixty-four awards at the same moment from a budget with room for ten: exactly ten succeed, not a cent over.

The negative control takes the conditional update and the constraint away and must overspend; else the test above it proves nothing.
It runs on PostgreSQL: SQLite lets one writer in at a time, whatever the code does.
"""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import F, Sum

from budgets import actions
from budgets.actions import NotEnoughMoney
from budgets.models import Account, AccountKind, Award, Transfer
from proposals.actions import AlreadyDone
from tests.factories import NOW, make_award, make_budget, make_proposal, new_key

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

AT_ONCE, ROOM, CENTS = 64, 10, 100_000


def all_at_once(things, do):
    """Call `do` with each thing, every one in a thread with its own connection, starting together. Returns what happened, counted."""
    start = threading.Barrier(len(things))

    def one(thing):
        try:
            start.wait(timeout=30)
            do(thing)
        except Exception as error:
            return type(error)
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(things)) as threads:
        return Counter(threads.map(one, things))


@pytest.fixture
def budget(centrum, fien):
    return make_budget(centrum, amount_cents=ROOM * CENTS + CENTS // 2, actor=fien)


@pytest.fixture
def ideas(ria, wim, centrum):
    return [make_proposal(ria, centrum, "feasible", manager=wim) for _ in range(AT_ONCE)]


def awarded_cents(budget):
    return Award.objects.filter(budget=budget).aggregate(sum=Sum("amount_cents", default=0))["sum"]


def test_of_64_awards_at_once_exactly_the_10_that_fit_succeed(ideas, budget, wim):
    happened = all_at_once(ideas, lambda idea: make_award(idea, budget, amount_cents=CENTS, actor=wim))
    assert happened == {"done": ROOM, NotEnoughMoney: AT_ONCE - ROOM}
    assert awarded_cents(budget) == ROOM * CENTS
    assert budget.accounts.get(kind=AccountKind.FREE).balance_cents == CENTS // 2
    assert Transfer.objects.filter(kind="award").count() == ROOM
    assert budget.accounts.aggregate(sum=Sum("balance_cents"))["sum"] == 0


def test_the_same_payment_sent_64_times_at_once_is_one_payment(ria, wim, centrum, budget):
    project = make_proposal(ria, centrum, "in_progress", manager=wim, budget=budget)
    key = new_key()

    def pay(_number):
        actions.record_payment(
            project, amount_cents=100, reason="Bankje", paid_on=NOW.date(), key=key, actor=wim, now=NOW
        )

    happened = all_at_once(range(AT_ONCE), pay)
    assert happened == {"done": 1, AlreadyDone: AT_ONCE - 1}
    assert project.transfers.filter(kind="spend").count() == 1


def test_payments_and_the_end_of_the_project_at_once_lose_nothing(ria, wim, centrum, budget):
    project = make_proposal(ria, centrum, "in_progress", manager=wim, budget=budget)

    def act(number):
        if number == 7:
            actions.cancel_project(project, reason="Gestopt", actor=wim, now=NOW)
        else:
            actions.record_payment(project, amount_cents=100, reason="Bankje", paid_on=NOW.date(), actor=wim, now=NOW)

    all_at_once(range(16), act)
    project.refresh_from_db()
    assert project.status == "cancelled"
    left = {account.kind: account.balance_cents for account in project.accounts.all()}
    assert left["awarded"] == 0
    free = budget.accounts.get(kind=AccountKind.FREE).balance_cents
    assert free + left.get("spent", 0) == ROOM * CENTS + CENTS // 2


def careless_move(from_account, to_account, amount_cents, *, kind, reason, booked_on, actor, now, **row):
    """Check, wait, then write: the fault that every platform of this kind had once."""
    if from_account.kind != AccountKind.SOURCE:
        available = Account.objects.values_list("balance_cents", flat=True).get(pk=from_account.pk)
        if available < amount_cents:
            raise NotEnoughMoney(available, "")
        time.sleep(0.3)
    Account.objects.filter(pk=from_account.pk).update(balance_cents=F("balance_cents") - amount_cents)
    Account.objects.filter(pk=to_account.pk).update(balance_cents=F("balance_cents") + amount_cents)
    return Transfer.objects.create(
        budget=from_account.budget,
        proposal=to_account.proposal,
        from_account=from_account,
        to_account=to_account,
        amount_cents=amount_cents,
        kind=kind,
        reason=reason,
        booked_on=booked_on,
        actor=actor,
        at=now,
    )


@pytest.fixture
def no_constraint():
    """The CHECK on balances is away, and comes back with sound balances."""
    check = next(found for found in Account._meta.constraints if found.name == "account_not_overdrawn")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Account, check)
    yield
    Account.objects.filter(balance_cents__lt=0).exclude(kind=AccountKind.SOURCE).update(balance_cents=0)
    with connection.schema_editor() as editor:
        editor.add_constraint(Account, check)


@pytest.mark.postgres
def test_negative_control_without_the_guards_too_much_is_awarded(ideas, budget, wim, no_constraint, monkeypatch):
    monkeypatch.setattr(actions, "_move", careless_move)
    all_at_once(ideas, lambda idea: make_award(idea, budget, amount_cents=CENTS, actor=wim))
    assert awarded_cents(budget) > ROOM * CENTS
    assert budget.accounts.get(kind=AccountKind.FREE).balance_cents < 0
