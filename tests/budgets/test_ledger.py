"""The ledger balances, refuses what isn't there, and can't be rewritten: whoever asks, on both databases."""

import contextlib
import datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets import actions
from budgets.actions import NotEnoughMoney
from budgets.models import (
    ROWS_OF_FIGURE,
    Account,
    AccountKind,
    Budget,
    BudgetEvent,
    Transfer,
    TransferKind,
    figures,
    overview,
)
from proposals.actions import AlreadyDone
from proposals.models import ProposalEvent
from proposals.workflow import NotPossible
from tests.factories import NOW, make_award, make_budget, make_neighbourhood, make_proposal, new_key
from wijkportaal import append_only

TODAY = NOW.date()


def pay(project, cents, actor, **fields):
    fields = {"reason": "Drie bankjes", "paid_on": TODAY, **fields}
    return actions.record_payment(project, amount_cents=cents, actor=actor, now=NOW, **fields)


def balances(budget):
    return {
        (account.kind, account.proposal_id): account.balance_cents for account in Account.objects.filter(budget=budget)
    }


def assert_ledger_is_sound():
    """Each balance equals its transfers, each budget sums to zero, and every figure equals the rows behind it."""
    for account in Account.objects.all():
        coming = account.incoming.aggregate(sum=Sum("amount_cents", default=0))["sum"]
        going = account.outgoing.aggregate(sum=Sum("amount_cents", default=0))["sum"]
        assert account.balance_cents == coming - going
    for budget in Budget.objects.all():
        assert budget.accounts.aggregate(sum=Sum("balance_cents"))["sum"] == 0
    everything = Budget.objects.all()
    total, per_budget, per_wijk = overview(everything)
    assert total == figures(everything)
    assert total["granted"] == total["free"] + total["awarded"]
    assert total["awarded"] == total["spent"] + total["to_spend"]
    scopes = [(everything, None)]
    for budget in everything:
        scopes.append((Budget.objects.filter(pk=budget.pk), None))
        assert per_budget[budget.pk] == figures(scopes[-1][0])
        for wijk in budget.neighbourhoods.all():
            scopes.append((everything.of_neighbourhood(wijk), wijk))
            assert per_wijk[wijk.pk] == figures(*scopes[-1])
    for budgets, wijk in scopes:
        for name, cents in figures(budgets, wijk).items():
            rows = Transfer.objects.behind(name, budgets, wijk)
            assert rows.aggregate(sum=Sum("signed_cents", default=0))["sum"] == cents, (name, wijk)


def test_money_goes_from_the_decision_to_the_project_and_what_is_left_comes_back(project, wim, budget):
    pay(project, 40_000, wim)
    assert figures(Budget.objects.all()) == {
        "granted": 5_000_000,
        "free": 4_900_000,
        "awarded": 100_000,
        "spent": 40_000,
        "to_spend": 60_000,
    }
    assert_ledger_is_sound()
    actions.cancel_project(project, reason="De grond is verkocht.", actor=wim, now=NOW)
    assert figures(Budget.objects.all()) == {
        "granted": 5_000_000,
        "free": 4_960_000,
        "awarded": 40_000,
        "spent": 40_000,
        "to_spend": 0,
    }
    assert_ledger_is_sound()
    released = project.transfers.get(kind=TransferKind.RELEASE)
    assert released.amount_cents == 60_000
    assert project.events.get(kind="cancel").data == {"released_cents": 60_000}


def test_a_shared_budget_counts_with_each_wijk_and_says_what_went_elsewhere(ria, olga, wim, hans, fien, centrum, haven):
    shared = make_budget(centrum, haven, amount_cents=300_000, actor=fien)
    make_award(make_proposal(ria, centrum, "feasible", manager=wim), shared, amount_cents=80_000, actor=wim)
    make_award(make_proposal(olga, haven, "feasible", manager=hans), shared, amount_cents=50_000, actor=hans)
    found = figures(Budget.objects.of_neighbourhood(centrum), centrum)
    assert found["granted"] == 300_000
    assert found["awarded"] == 80_000
    assert found["elsewhere"] == 50_000
    assert found["free"] == 170_000
    assert_ledger_is_sound()


# --- What is not there can't be taken --------------------------------------------------------------------------------


def test_an_award_above_what_is_free_is_refused_with_exactly_what_is_left(feasible, wim, centrum):
    small = make_budget(centrum, amount_cents=99_999)
    with pytest.raises(NotEnoughMoney) as refused:
        make_award(feasible, small, amount_cents=100_000, actor=wim)
    assert refused.value.available_cents == 99_999
    assert "€\xa0999,99" in refused.value.messages[0]
    feasible.refresh_from_db()
    assert feasible.status == "feasible"
    assert not hasattr(feasible, "award")
    assert not ProposalEvent.objects.filter(kind="award").exists()
    make_award(feasible, small, amount_cents=99_999, actor=wim)
    assert_ledger_is_sound()


def test_a_payment_above_what_was_awarded_is_refused_with_exactly_what_is_left(project, wim):
    pay(project, 99_999, wim)
    with pytest.raises(NotEnoughMoney) as refused:
        pay(project, 2, wim)
    assert refused.value.available_cents == 1
    pay(project, 1, wim)
    assert_ledger_is_sound()


@pytest.mark.parametrize("cents", [0, -1, -10_000_000, 10**11 + 1])
def test_an_amount_that_is_no_amount_is_refused_everywhere(cents, project, feasible, budget, fien, wim):
    before = balances(budget)
    for attempt in (
        lambda: pay(project, cents, wim),
        lambda: make_award(feasible, budget, amount_cents=cents, actor=wim),
        lambda: actions.raise_budget(
            budget, amount_cents=cents, reason="Besluit", decided_on=TODAY, actor=fien, now=NOW
        ),
        lambda: make_budget(*budget.neighbourhoods.all(), amount_cents=cents, actor=fien),
    ):
        with pytest.raises(ValidationError):
            attempt()
    assert balances(budget) == before
    assert Budget.objects.count() == 1


def test_nothing_is_written_down_for_tomorrow_or_before_the_award(project, feasible, budget, wim, fien):
    tomorrow = TODAY + datetime.timedelta(days=1)
    pay(project, 1, wim, paid_on=TODAY)
    with pytest.raises(ValidationError):
        pay(project, 1, wim, paid_on=tomorrow)
    with pytest.raises(ValidationError):
        pay(project, 1, wim, paid_on=project.award.decided_on - datetime.timedelta(days=1))
    with pytest.raises(ValidationError):
        actions.award_project(
            feasible,
            budget=budget,
            amount_cents=1,
            decided_on=tomorrow,
            decided_by="Wijkteam",
            reason="Ja",
            actor=wim,
            now=NOW,
        )
    with pytest.raises(ValidationError):
        actions.raise_budget(budget, amount_cents=1, reason="Besluit", decided_on=tomorrow, actor=fien, now=NOW)
    with pytest.raises(ValidationError):
        make_budget(*budget.neighbourhoods.all(), decision_on=tomorrow, actor=fien)


def test_a_budget_of_another_wijk_or_another_year_pays_for_nothing(feasible, wim, haven, centrum):
    for other in (
        make_budget(haven),
        make_budget(centrum, starts_on=datetime.date(2027, 1, 1), ends_on=datetime.date(2027, 12, 31)),
    ):
        with pytest.raises(ValidationError, match=r"wijk|budget"):
            make_award(feasible, other, actor=wim)
    make_award(feasible, make_budget(centrum), actor=wim)


def test_a_budget_needs_a_wijk(fien, town):
    with pytest.raises(ValidationError):
        make_budget(actor=fien)
    assert not Budget.objects.exists()


@pytest.mark.parametrize("kind", [AccountKind.FREE, AccountKind.AWARDED, AccountKind.SPENT])
def test_the_database_itself_refuses_a_balance_below_zero(kind, project, budget):
    account = Account.objects.get_or_create(
        budget=budget, kind=kind, proposal=None if kind == AccountKind.FREE else project
    )[0]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE budgets_account SET balance_cents = -1 WHERE id = %s", [account.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(balance_cents=F("balance_cents") - 10**10)


# --- Once is once ----------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_payment(project, wim):
    key = new_key()
    pay(project, 100, wim, key=key)
    with pytest.raises(AlreadyDone):
        pay(project, 100, wim, key=key)
    assert project.transfers.filter(kind=TransferKind.SPEND).count() == 1


def test_a_key_of_another_project_pays_nothing(project, ria, wim, centrum, budget):
    other = make_proposal(ria, centrum, "in_progress", manager=wim, budget=budget)
    key = new_key()
    pay(project, 100, wim, key=key)
    with pytest.raises(AlreadyDone):
        pay(other, 100, wim, key=key)
    assert not other.transfers.filter(kind=TransferKind.SPEND).exists()


def test_the_same_form_sent_twice_is_one_budget_and_one_raise(budget, centrum, fien):
    key, other_key = new_key(), new_key()
    fields = {"amount_cents": 500, "reason": "Voorjaarsnota", "decided_on": TODAY, "actor": fien, "now": NOW}
    actions.raise_budget(budget, key=key, **fields)
    actions.raise_budget(budget, key=key, **fields)
    assert figures(Budget.objects.all())["granted"] == 5_000_500

    def make():
        new = Budget(
            name="Extra",
            starts_on=TODAY,
            ends_on=TODAY,
            decision_title="Besluit",
            decision_on=TODAY,
        )
        return actions.create_budget(new, [centrum], amount_cents=700, key=other_key, actor=fien, now=NOW)

    assert make() == make()
    assert Budget.objects.count() == 2
    assert figures(Budget.objects.all())["granted"] == 5_001_200


def test_a_payment_is_corrected_once_and_both_rows_stay(project, wim):
    payment = pay(project, 12_000, wim)
    row = actions.reverse_payment(payment, reason="Het was € 102.", actor=wim, now=NOW)
    assert row.reverses == payment
    assert figures(Budget.objects.all())["spent"] == 0
    with pytest.raises(ValidationError):
        actions.reverse_payment(payment, reason="Nog eens", actor=wim, now=NOW)
    with pytest.raises(ValidationError):
        actions.reverse_payment(row, reason="De correctie zelf", actor=wim, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(
            budget=row.budget,
            proposal=project,
            from_account=row.from_account,
            to_account=row.to_account,
            amount_cents=12_000,
            kind=TransferKind.REVERSE,
            reason="Langs een andere weg",
            booked_on=TODAY,
            at=NOW,
            reverses=payment,
        )
    assert_ledger_is_sound()


def test_only_a_payment_can_be_corrected(project, budget, wim):
    for kind in (TransferKind.GRANT, TransferKind.AWARD):
        with pytest.raises(ValidationError):
            actions.reverse_payment(budget.transfers.get(kind=kind), reason="Nee", actor=wim, now=NOW)


def test_a_project_with_open_steps_is_not_finished(project, wim):
    with pytest.raises(ValidationError):
        actions.finish_project(project, reason="Klaar", actor=wim, now=NOW)
    project.refresh_from_db()
    assert project.status == "in_progress"
    assert not project.transfers.filter(kind=TransferKind.RELEASE).exists()


def test_after_the_end_nothing_is_paid(ria, wim, centrum, budget):
    done = make_proposal(ria, centrum, "completed", manager=wim, budget=budget)
    with pytest.raises(NotPossible):
        pay(done, 1, wim)


# --- Never rewritten -------------------------------------------------------------------------------------------------

APPEND_ONLY = sorted(model._meta.label for model in append_only.append_only_models())


def test_the_ledger_and_every_event_are_append_only():
    assert {"budgets.Transfer", "budgets.BudgetEvent", "proposals.ProposalEvent"} <= set(APPEND_ONLY)


WAYS_TO_CHANGE = {
    "update": lambda model: model.objects.update(id=F("id")),
    "base manager": lambda model: model._base_manager.all().update(id=F("id")),
    "save": lambda model: model._base_manager.first().save(),
    "delete": lambda model: model._base_manager.first().delete(),
    "raw delete": lambda model: model._base_manager.all()._raw_delete("default"),
    "SQL update": lambda model: _execute(f'UPDATE "{model._meta.db_table}" SET id = id'),  # noqa: S608 - names of our own tables
    "SQL delete": lambda model: _execute(f'DELETE FROM "{model._meta.db_table}"'),  # noqa: S608
}


def _execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("way", WAYS_TO_CHANGE)
@pytest.mark.parametrize("model", [Transfer, BudgetEvent, ProposalEvent])
def test_no_road_changes_a_row(model, way, project):
    before = list(model._base_manager.order_by("id").values())
    assert before
    with pytest.raises(DatabaseError), transaction.atomic():
        WAYS_TO_CHANGE[way](model)
    assert list(model._base_manager.order_by("id").values()) == before


def test_without_the_trigger_the_same_change_goes_through_and_the_check_names_it(project):
    """The negative control: the refusals above come from the trigger, and a missing one doesn't stay unseen."""
    assert append_only.missing() == []
    assert append_only.check_triggers(databases=["default"]) == []
    table = Transfer._meta.db_table
    on_table = "" if connection.vendor == "sqlite" else f' ON "{table}"'
    _execute(f'DROP TRIGGER "{table}_refuse_update"{on_table}')
    try:
        assert Transfer.objects.update(amount_cents=F("amount_cents") + 1) > 0
        assert append_only.missing() == [f"{table}_refuse_update"]
        problems = append_only.check_triggers(databases=["default"])
        assert [problem.id for problem in problems] == ["wijkportaal.E001"]
        assert f"{table}_refuse_update" in problems[0].msg
    finally:
        append_only.install()
    assert append_only.missing() == []


# --- A walk at random ------------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["award", "spend", "correct", "finish", "cancel", "raise"]),
        st.integers(0, 3),
        st.integers(1, 60_000),
    ),
    max_size=14,
)


@pytest.fixture
def four_ideas(ria, wim, centrum, fien):
    haven = make_neighbourhood("Zuid")
    budget = make_budget(centrum, haven, amount_cents=100_000, actor=fien)
    return budget, [make_proposal(ria, centrum, "feasible", manager=wim) for _ in range(4)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_the_books_balance(steps, four_ideas, wim, fien):
    budget, ideas = four_ideas
    point = transaction.savepoint()
    for verb, number, cents in steps:
        idea = ideas[number]
        idea.refresh_from_db()
        with contextlib.suppress(NotPossible, ValidationError):
            _take(verb, idea, cents, budget, wim, fien)
        assert_ledger_is_sound()
    transaction.savepoint_rollback(point)


def _take(verb, idea, cents, budget, wim, fien):
    by = {"actor": wim, "now": NOW}
    match verb:
        case "award":
            make_award(idea, budget, amount_cents=cents, actor=wim)
            from proposals.actions import plan_milestone, start_project

            plan_milestone(idea, title="Stap", promised_on=TODAY, **by)
            start_project(idea, **by)
        case "spend":
            pay(idea, cents, wim)
        case "correct":
            payment = idea.transfers.filter(kind=TransferKind.SPEND, reversed_by=None).first()
            if payment:
                actions.reverse_payment(payment, reason="Fout", **by)
        case "finish":
            from proposals.actions import reach_milestone

            for milestone in idea.milestones.filter(done_on=None):
                reach_milestone(milestone, **by)
            actions.finish_project(idea, reason="Klaar", **by)
        case "cancel":
            actions.cancel_project(idea, reason="Gestopt", **by)
        case "raise":
            actions.raise_budget(budget, amount_cents=cents, reason="Besluit", decided_on=TODAY, actor=fien, now=NOW)


def test_every_figure_has_rows_and_a_name():
    from budgets.forms import FIGURES

    assert FIGURES.keys() == {"all", *ROWS_OF_FIGURE}
    assert apps.get_app_config("budgets").verbose_name
