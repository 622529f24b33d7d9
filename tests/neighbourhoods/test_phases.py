"""A round's phases: at both edges of each window, and on the days that have 23 and 25 hours."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from neighbourhoods import actions
from neighbourhoods.forms.calendar import RoundForm, warnings_for
from neighbourhoods.models import Neighbourhood, NeighbourhoodEvent, Phase, Round
from neighbourhoods.timetable import calendar_of, whats_on
from neighbourhoods.words import since, until

HERE = ZoneInfo("Europe/Amsterdam")
MOMENT = datetime.timedelta(microseconds=1)
DAY = datetime.timedelta(days=1)


def midnight(year, month, day):
    return datetime.datetime(year, month, day, tzinfo=HERE)


@pytest.fixture
def round_(centrum, wim, now):
    return actions.save_round(a_round(), [centrum], actor=wim, now=now)


def a_round(name="Ronde 2027", **changes):
    moments = {
        "ideas_from": midnight(2027, 3, 1),
        "ideas_until": midnight(2027, 4, 1),
        "check_until": midnight(2027, 5, 1),
        "choose_until": midnight(2027, 6, 1),
    }
    return Round(name=name, **(moments | changes))


@pytest.mark.parametrize(
    ("edge", "before", "after"),
    [
        ("ideas_from", Phase.PLANNED, Phase.IDEAS),
        ("ideas_until", Phase.IDEAS, Phase.CHECK),
        ("check_until", Phase.CHECK, Phase.CHOOSE),
        ("choose_until", Phase.CHOOSE, Phase.CLOSED),
    ],
)
def test_a_phase_includes_its_start_and_excludes_its_end(edge, before, after):
    one = a_round()
    moment = getattr(one, edge)
    assert one.phase_at(moment - MOMENT) == before
    assert one.phase_at(moment) == after
    assert one.phase_at(moment + MOMENT) == after
    assert one.phase_ends_at(moment - MOMENT) == moment


@pytest.mark.parametrize(
    ("edge", "is_open_before", "is_open_after"), [("ideas_from", False, True), ("ideas_until", True, False)]
)
def test_the_database_agrees_about_who_may_send_in(edge, is_open_before, is_open_after, round_, centrum):
    moment = getattr(round_, edge)
    assert Round.objects.open_for_ideas(centrum, moment - MOMENT).exists() is is_open_before
    assert Round.objects.open_for_ideas(centrum, moment).exists() is is_open_after


@pytest.mark.parametrize(
    ("last_day", "hours"),
    [(datetime.date(2027, 3, 28), 23), (datetime.date(2027, 10, 31), 25)],
    ids=["spring", "autumn"],
)
def test_a_last_day_counts_wholly_on_the_days_that_the_clock_changes(last_day, hours, wim, centrum, now):
    form = RoundForm(
        {
            "name": "Ronde",
            "neighbourhoods": [centrum.pk],
            "ideas_from_day": str(last_day),
            "ideas_until_day": str(last_day),
            "check_until_day": str(last_day + 10 * DAY),
            "choose_until_day": str(last_day + 20 * DAY),
        },
        instance=Round(),
        allowed=Neighbourhood.objects.all(),
    )
    assert form.is_valid(), form.errors
    one = actions.save_round(form.instance, [centrum], actor=wim, now=now)
    one.refresh_from_db()
    assert one.ideas_until - one.ideas_from == datetime.timedelta(hours=hours)
    late = datetime.datetime.combine(last_day, datetime.time(23, 59, 59, 999_999), tzinfo=HERE)
    assert one.phase_at(late) == Phase.IDEAS
    assert one.phase_at(late.astimezone(datetime.UTC) + MOMENT) == Phase.CHECK


def test_the_end_of_a_window_is_said_as_the_last_day_that_counts():
    assert until(midnight(2027, 4, 1)) == "tot en met 31 maart 2027"
    assert until(midnight(2027, 11, 1)) == "tot en met 31 oktober 2027"
    assert until(midnight(2027, 4, 1) + datetime.timedelta(hours=17)) == "tot 1 april 2027 om 17.00 uur"
    assert since(midnight(2027, 4, 1)) == "vanaf 1 april 2027"


def test_the_round_in_which_residents_can_act_comes_first(centrum, haven, wim, now):
    checking = a_round("Kijken", ideas_from=midnight(2027, 1, 1), ideas_until=midnight(2027, 2, 1))
    for one in (checking, a_round("Insturen")):
        actions.save_round(one, [centrum], actor=wim, now=now)
    seen_from = midnight(2027, 3, 10)
    in_centrum, in_haven = whats_on([centrum, haven], seen_from)
    assert (in_centrum.round.name, in_centrum.phase, in_centrum.is_open_for_ideas) == ("Insturen", Phase.IDEAS, True)
    assert (in_haven.round, in_haven.phase) == (None, None)


def test_the_calendar_says_what_is_done_what_runs_and_what_comes():
    states = [step.state for step in calendar_of(a_round(), midnight(2027, 4, 10)).steps]
    assert states == ["done", "now", "later"]


def test_dates_in_the_wrong_order_are_refused_by_the_database(centrum, wim, now):
    with pytest.raises(ValidationError, match="na elkaar"):
        actions.save_round(a_round(check_until=midnight(2027, 3, 2)), [centrum], actor=wim, now=now)
    assert not Round.objects.exists()
    assert not NeighbourhoodEvent.objects.filter(kind="plan_round").exists()


def test_short_and_overlapping_rounds_get_a_warning(round_, centrum, haven):
    short = a_round(
        ideas_until=midnight(2027, 3, 10), check_until=midnight(2027, 3, 12), choose_until=midnight(2027, 3, 14)
    )
    assert len(warnings_for(short, [centrum])) == 4
    assert len(warnings_for(short, [haven])) == 3  # there no other round runs
    assert warnings_for(round_, [centrum]) == []


def test_a_moment_that_is_not_midnight_stays_when_its_day_is_not_changed(centrum, wim, now):
    at_five = midnight(2027, 4, 1) + datetime.timedelta(hours=17)
    one = actions.save_round(a_round(ideas_until=at_five), [centrum], actor=wim, now=now)
    form = RoundForm(instance=one, allowed=Neighbourhood.objects.all())
    data = {name: form.initial[name] for name in form.DAYS} | {"name": "Anders", "neighbourhoods": [centrum.pk]}
    form = RoundForm(data, instance=one, allowed=Neighbourhood.objects.all())
    assert form.is_valid(), form.errors
    assert form.instance.ideas_until == at_five
    assert timezone.localtime(form.instance.ideas_from) == midnight(2027, 3, 1)
