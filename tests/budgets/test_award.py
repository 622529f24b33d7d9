"""The verbs of money as people meet them: who may, what the page says, what a refusal keeps."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from budgets.models import Budget, Transfer, TransferKind
from proposals.models import ProposalEvent
from tests.factories import make_award, make_budget, make_proposal, new_key


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def budget(centrum, fien, now):
    """Two thousand euros for Centrum, this year."""
    return _budget_of(centrum, fien, now)


def _budget_of(wijk, fien, now, cents=200_000, name="Wijkbudget"):
    year = timezone.localdate(now).year
    return make_budget(
        wijk,
        amount_cents=cents,
        actor=fien,
        name=name,
        now=now,
        starts_on=datetime.date(year, 1, 1),
        ends_on=datetime.date(year, 12, 31),
        decision_on=datetime.date(year - 1, 11, 1),
    )


@pytest.fixture
def feasible(ria, wim, centrum, now):
    return make_proposal(ria, centrum, "feasible", manager=wim, now=now)


@pytest.fixture
def project(ria, wim, centrum, budget, now):
    """Ria's running project with EUR 1,000."""
    return make_proposal(ria, centrum, "in_progress", manager=wim, budget=budget, now=now)


def award_form(budget, now, **changes):
    return {
        "budget": budget.pk,
        "amount_cents": "1.000",
        "decided_on": timezone.localdate(now).isoformat(),
        "decided_by": "Overleg van het wijkteam",
        "reason": "Veel steun in de wijk.",
        **changes,
    }


def spend_form(now, **changes):
    return {
        "key": str(new_key()),
        "reason": "Drie bankjes",
        "paid_on": timezone.localdate(now).isoformat(),
        "amount_cents": "250,50",
        **changes,
    }


def url(name, thing):
    return reverse(f"budgets:{name}", args=[thing.pk])


# --- Awarding --------------------------------------------------------------------------------------------------------


def test_the_award_page_proposes_the_estimate_and_says_what_each_budget_has_left(sign_in, wim, feasible, budget):
    page = sign_in(wim).get(url("award", feasible)).content.decode()
    assert 'value="1.000"' in page
    assert "€\xa02.000" in page


def test_a_decision_of_december_can_be_written_down_in_january(sign_in, wim, feasible, budget, centrum, fien, now):
    ended, long_ago = timezone.localdate(now) - datetime.timedelta(days=20), datetime.date(2019, 12, 31)
    for name, last_day in (("Vorig budget", ended), ("Oud budget", long_ago)):
        dates = {"starts_on": datetime.date(2019, 1, 1), "ends_on": last_day, "decision_on": datetime.date(2018, 11, 1)}
        make_budget(centrum, actor=fien, name=name, now=now, **dates)
    page = sign_in(wim).get(reverse("budgets:award", args=[feasible.pk]))
    assert [choice.name for choice in page.context["form"].fields["budget"].queryset] == [budget.name, "Vorig budget"]
    assert page.context["form"].initial["budget"] == budget.pk
    earlier = award_form(Budget.objects.get(name="Vorig budget"), now, decided_on=ended.isoformat())
    sign_in(wim).post(reverse("budgets:award", args=[feasible.pk]), earlier)
    assert feasible.award.budget.name == "Vorig budget"


def test_a_wijkmanager_awards_and_the_idea_becomes_a_project(sign_in, wim, feasible, budget, now):
    answer = sign_in(wim).post(url("award", feasible), award_form(budget, now), follow=True)
    assert answer.status_code == 200
    feasible.refresh_from_db()
    assert feasible.status == "awarded"
    assert (feasible.award.amount_cents, feasible.award.decided_by) == (100_000, "Overleg van het wijkteam")
    assert "€\xa01.000" in answer.content.decode()


def test_more_than_is_left_is_refused_with_what_is_left_and_nothing_typed_is_lost(sign_in, wim, feasible, budget, now):
    typed = award_form(budget, now, amount_cents="2000,01", reason="Een heel verhaal")
    page = sign_in(wim).post(url("award", feasible), typed)
    assert page.status_code == 200
    assert "€\xa02.000" in str(page.context["form"].errors["amount_cents"])
    text = page.content.decode()
    assert "Een heel verhaal" in text
    assert 'value="2000,01"' in text
    feasible.refresh_from_db()
    assert feasible.status == "feasible"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_cents": "0"},
        {"amount_cents": "-5"},
        {"amount_cents": "veel"},
        {"amount_cents": "9" * 30},
        {"amount_cents": ""},
        {"decided_on": "1126-01-01"},
        {"decided_on": "9999-12-31"},
        {"decided_on": "gisteren"},
        {"decided_by": ""},
        {"decided_by": "x" * 161},
        {"reason": ""},
        {"reason": "x" * 2001},
        {"budget": ""},
        {"budget": "99999999999999999999"},
        {"budget": "x"},
    ],
)
def test_odd_input_is_a_form_error_and_changes_nothing(changes, sign_in, wim, feasible, budget, now):
    rows = Transfer.objects.count()
    page = sign_in(wim).post(url("award", feasible), award_form(budget, now) | changes)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert Transfer.objects.count() == rows
    assert sign_in(wim).post(url("award", feasible), award_form(budget, now)).status_code == 302


def test_a_budget_of_another_wijk_posted_by_hand_is_refused(sign_in, wim, feasible, budget, haven, fien, now):
    other = _budget_of(haven, fien, now, name="Van de buren")
    page = sign_in(wim).post(url("award", feasible), award_form(other, now))
    assert "budget" in page.context["form"].errors
    assert "Van de buren" not in sign_in(wim).get(url("award", feasible)).content.decode()
    feasible.refresh_from_db()
    assert feasible.status == "feasible"


def test_tomorrow_is_refused_beside_its_field(sign_in, wim, feasible, budget, now):
    tomorrow = timezone.localdate(now) + datetime.timedelta(days=1)
    page = sign_in(wim).post(url("award", feasible), award_form(budget, now, decided_on=tomorrow.isoformat()))
    assert "decided_on" in page.context["form"].errors


def test_without_a_budget_the_page_says_what_must_happen_first(sign_in, wim, feasible):
    page = sign_in(wim).get(url("award", feasible))
    assert page.status_code == 200
    assert "<form" not in page.content.decode().split("<main")[1].split("</main")[0]


def test_who_is_too_late_hears_how_it_stands(sign_in, wim, feasible, budget, now):
    make_award(feasible, budget, actor=wim, now=now)
    answer = sign_in(wim).post(url("award", feasible), award_form(budget, now))
    assert answer.status_code == 302
    assert answer.url == feasible.get_absolute_url()
    assert Transfer.objects.filter(kind=TransferKind.AWARD).count() == 1


def test_nobody_awards_money_to_their_own_idea(sign_in, wim, centrum, budget, now):
    own = make_proposal(wim, centrum, "submitted", now=now)
    from proposals.models import Proposal

    Proposal.objects.filter(pk=own.pk).update(status="feasible", published_at=now, estimated_cents=5)
    assert sign_in(wim).post(url("award", own), award_form(budget, now)).status_code == 403
    assert not Transfer.objects.filter(kind=TransferKind.AWARD).exists()


@pytest.mark.parametrize("person", ["ria", "rob", "olga", "tom", "hans", "cora", "carla", "aad", "gijs", "fien", "bea"])
@pytest.mark.parametrize("verb", ["award", "spend", "finish", "cancel"])
def test_only_the_wijkmanager_of_the_wijk_moves_money(person, verb, request, sign_in, feasible, project, budget, now):
    user = request.getfixturevalue(person)
    thing = feasible if verb == "award" else project
    form = award_form(budget, now) if verb == "award" else spend_form(now)
    rows = Transfer.objects.count()
    client = sign_in(user)
    assert client.get(url(verb, thing)).status_code == 403
    assert client.post(url(verb, thing), form).status_code == 403
    assert Transfer.objects.count() == rows


def test_a_visitor_is_sent_to_sign_in(client, feasible, budget, now):
    answer = client.post(url("award", feasible), award_form(budget, now))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


# --- Paying and correcting -------------------------------------------------------------------------------------------


def test_a_payment_is_written_down_once_however_often_the_form_is_sent(sign_in, wim, project, now):
    client, form = sign_in(wim), spend_form(now)
    for _ in range(3):
        assert client.post(url("spend", project), form).status_code == 302
    payment = project.transfers.get(kind=TransferKind.SPEND)
    assert (payment.amount_cents, payment.reason) == (25_050, "Drie bankjes")


def test_a_payment_above_the_award_names_what_is_left(sign_in, wim, project, now):
    page = sign_in(wim).post(url("spend", project), spend_form(now, amount_cents="1.000,01"))
    assert "€\xa01.000" in str(page.context["form"].errors["amount_cents"])
    assert 'value="1.000,01"' in page.content.decode()
    assert not project.transfers.filter(kind=TransferKind.SPEND).exists()


def test_a_bad_key_is_a_form_error(sign_in, wim, project, now):
    page = sign_in(wim).post(url("spend", project), spend_form(now, key="x"))
    assert page.status_code == 200
    assert not project.transfers.filter(kind=TransferKind.SPEND).exists()


def test_a_correction_shows_both_rows_on_the_project(sign_in, wim, project, now):
    client = sign_in(wim)
    client.post(url("spend", project), spend_form(now))
    payment = project.transfers.get(kind=TransferKind.SPEND)
    assert url("correct", payment) in client.get(project.get_absolute_url()).content.decode()
    assert client.post(url("correct", payment), {"reason": ""}).status_code == 200
    assert client.post(url("correct", payment), {"reason": "Het was € 205."}).status_code == 302
    assert client.post(url("correct", payment), {"reason": "Nog eens"}).status_code == 302
    assert project.transfers.filter(kind=TransferKind.REVERSE).count() == 1
    page = client.get(project.get_absolute_url()).content.decode()
    assert "Het was € 205." in page
    assert url("correct", payment) not in page


def test_only_payments_have_a_page_to_correct_them(sign_in, wim, project, budget):
    grant = budget.transfers.get(kind=TransferKind.GRANT)
    assert sign_in(wim).get(url("correct", grant)).status_code == 404


@pytest.mark.parametrize("person", ["ria", "hans", "carla", "fien"])
def test_others_correct_nothing(person, request, sign_in, wim, project, now):
    sign_in(wim).post(url("spend", project), spend_form(now))
    payment = project.transfers.get(kind=TransferKind.SPEND)
    client = sign_in(request.getfixturevalue(person))
    assert client.post(url("correct", payment), {"reason": "Weg"}).status_code == 403
    assert not project.transfers.filter(kind=TransferKind.REVERSE).exists()


# --- The end ---------------------------------------------------------------------------------------------------------


def test_stopping_a_project_says_first_what_returns(sign_in, wim, project, now):
    client = sign_in(wim)
    client.post(url("spend", project), spend_form(now))
    assert "€\xa0749,50" in client.get(url("cancel", project)).content.decode()
    assert client.post(url("cancel", project), {"reason": " "}).status_code == 200
    assert client.post(url("cancel", project), {"reason": "De grond is verkocht."}).status_code == 302
    project.refresh_from_db()
    assert project.status == "cancelled"
    assert project.transfers.get(kind=TransferKind.RELEASE).amount_cents == 74_950


def test_a_project_with_open_steps_keeps_its_finish_form_away(sign_in, wim, project, now):
    client = sign_in(wim)
    page = client.get(url("finish", project)).content.decode()
    assert "Bankje besteld" in page
    kept = client.post(url("finish", project), {"reason": "Het staat er."})
    assert kept.status_code == 200
    assert kept.context["form"].non_field_errors()
    assert "Het staat er." in kept.content.decode()
    from proposals.actions import reach_milestone

    for step in project.milestones.all():
        reach_milestone(step, actor=wim, now=now)
    assert client.post(url("finish", project), {"reason": "Het staat er."}).status_code == 302
    project.refresh_from_db()
    assert project.status == "completed"
    assert ProposalEvent.objects.get(proposal=project, kind="finish").reason == "Het staat er."


# --- Budgets ---------------------------------------------------------------------------------------------------------


def budget_form(wijk, **changes):
    return {
        "key": str(new_key()),
        "name": "Wijkbudget Centrum",
        "neighbourhoods": [wijk.pk],
        "amount_cents": "45.000",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "decision_title": "Programmabegroting",
        "decision_number": "2025-118",
        "decision_on": "2025-11-12",
        "decision_url": "",
        "rules": "Geen geld voor drank.",
        **changes,
    }


def test_the_finance_officer_makes_and_raises_a_budget(sign_in, fien, centrum):
    client, form = sign_in(fien), budget_form(centrum)
    client.post(reverse("budgets:create_budget"), form)
    client.post(reverse("budgets:create_budget"), form)
    made = Budget.objects.get()
    assert list(made.neighbourhoods.all()) == [centrum]
    more = {"key": str(new_key()), "amount_cents": "5000", "reason": "Voorjaarsnota", "decided_on": "2026-06-01"}
    client.post(url("raise_budget", made), more)
    client.post(url("raise_budget", made), more)
    assert made.accounts.get(kind="free").balance_cents == 5_000_000
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Voorjaarsnota" in page
    assert "Geen geld voor drank." in page


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_on": "2025-12-31"},
        {"neighbourhoods": []},
        {"neighbourhoods": ["x"]},
        {"amount_cents": "0"},
        {"decision_on": "2099-01-01"},
        {"decision_url": "javascript:alert(1)"},
        {"name": ""},
        {"key": "x"},
    ],
)
def test_a_budget_that_is_not_right_is_not_made(changes, sign_in, fien, centrum):
    page = sign_in(fien).post(reverse("budgets:create_budget"), budget_form(centrum, **changes))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Budget.objects.exists()


@pytest.mark.parametrize("person", ["ria", "wim", "carla", "aad", "gijs"])
def test_others_make_no_budgets(person, request, sign_in, centrum, budget):
    client = sign_in(request.getfixturevalue(person))
    assert client.post(reverse("budgets:create_budget"), budget_form(centrum)).status_code == 403
    assert client.post(url("raise_budget", budget), {"amount_cents": "1"}).status_code == 403
    assert Budget.objects.count() == 1
