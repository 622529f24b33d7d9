"""Planning meetings and rounds on the pages of the wijkmanager."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from neighbourhoods import actions
from neighbourhoods.models import Meeting, NeighbourhoodEvent, Round
from tests import factories

MEETING = {"title": "Overleg", "day": "2027-06-01", "time": "19:30", "place": "De Kop", "agenda": "Van alles"}
ROUND = {
    "name": "Ronde 2027",
    "ideas_from_day": "2027-03-01",
    "ideas_until_day": "2027-03-31",
    "check_until_day": "2027-04-30",
    "choose_until_day": "2027-05-31",
    "about": "",
}


def plan_meeting(client, centrum, **changes):
    return client.post(reverse("neighbourhoods:plan_meeting", args=[centrum.slug]), MEETING | changes)


def test_a_meeting_is_planned_at_the_time_of_the_clock_on_the_wall(wim, centrum, sign_in):
    assert plan_meeting(sign_in(wim), centrum).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.starts_at == datetime.datetime(2027, 6, 1, 17, 30, tzinfo=datetime.UTC)
    event = NeighbourhoodEvent.objects.get(kind="plan_meeting")
    assert (event.actor, event.actor_role, event.is_public) == (wim, "neighbourhood_manager", True)


def test_the_community_worker_plans_meetings_and_no_rounds(cora, centrum, sign_in):
    assert plan_meeting(sign_in(cora), centrum).status_code == 302
    assert sign_in(cora).get(reverse("neighbourhoods:plan_round", args=[centrum.slug])).status_code == 403


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": "2020-01-01"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": "2027-03-28", "time": "02:30"}, "time"),  # that night the clock jumps from two to three
        ({"day": "2027-10-31", "time": "02:30"}, "time"),  # and that night half past two comes twice
        ({"time": "25:00"}, "time"),
        ({"title": ""}, "title"),
        ({"title": "x" * 5000}, "title"),
        ({"place": "a\0b"}, "place"),
        ({"key": "geen uuid"}, "key"),
    ],
)
def test_a_meeting_at_an_impossible_moment_is_refused_and_what_was_typed_stays(changes, field, wim, centrum, sign_in):
    response = plan_meeting(sign_in(wim), centrum, **changes)
    assert field in response.context["form"].errors
    assert "Van alles" in response.text
    assert not Meeting.objects.exists()


def test_the_same_form_sent_twice_plans_one_meeting(wim, centrum, sign_in):
    key = str(factories.new_key())
    for _ in range(2):
        assert plan_meeting(sign_in(wim), centrum, key=key).status_code == 302
    assert Meeting.objects.count() == 1


def test_a_meeting_is_changed_by_the_people_of_its_own_wijk(wim, hans, centrum, sign_in):
    plan_meeting(sign_in(wim), centrum)
    url = reverse("neighbourhoods:change_meeting", args=[Meeting.objects.get().pk])
    assert sign_in(hans).post(url, MEETING | {"place": "Elders"}).status_code == 403
    assert "19:30" in sign_in(wim).get(url).text
    assert sign_in(wim).post(url, MEETING | {"place": "Elders"}).status_code == 302
    assert Meeting.objects.get().place == "Elders"


def test_changing_a_meeting_does_not_bring_back_what_was_called_off_meanwhile(wim, cora, centrum, now, sign_in):
    plan_meeting(sign_in(wim), centrum)
    seen_by_cora = Meeting.objects.get()
    actions.cancel_meeting(seen_by_cora, reason="De zaal is dicht.", actor=wim, now=now)
    assert seen_by_cora.cancelled_at is None
    with pytest.raises(ValidationError):
        actions.save_meeting(seen_by_cora, actor=cora, now=now)
    assert Meeting.objects.get().cancel_reason == "De zaal is dicht."


def plan_round(client, centrum, **changes):
    """Look at the calendar first, then save what was seen, as the page does."""
    url = reverse("neighbourhoods:plan_round", args=[centrum.slug])
    data = ROUND | {"neighbourhoods": [centrum.pk]} | changes
    looked = client.post(url, data)
    if looked.status_code != 200 or looked.context["form"].errors:
        return looked
    assert not Round.objects.filter(name=data["name"]).exists()
    return client.post(url, data | {"seen": looked.context["form"].data["seen"]})


def test_a_round_is_saved_after_its_calendar_was_seen(wim, centrum, sign_in):
    assert plan_round(sign_in(wim), centrum).status_code == 302
    one = Round.objects.get()
    assert list(one.neighbourhoods.all()) == [centrum]
    assert timezone.localtime(one.ideas_until).isoformat() == "2027-04-01T00:00:00+02:00"
    event = NeighbourhoodEvent.objects.get(kind="plan_round")
    assert event.data["choose_until"].startswith("2027-0")


def test_other_dates_than_were_seen_are_shown_again_first(wim, centrum, sign_in):
    url = reverse("neighbourhoods:plan_round", args=[centrum.slug])
    data = ROUND | {"neighbourhoods": [centrum.pk]}
    seen = sign_in(wim).post(url, data).context["form"].data["seen"]
    response = sign_in(wim).post(url, data | {"seen": seen, "ideas_until_day": "2027-03-05"})
    assert response.status_code == 200
    assert any("twee weken" in warning for warning in response.context["warnings"])
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ideas_until_day": "2027-02-01"}, "ideas_until_day"),
        ({"check_until_day": "2027-03-30"}, "check_until_day"),
        ({"choose_until_day": "2027-04-01"}, "choose_until_day"),
        ({"choose_until_day": "9999-12-31"}, "choose_until_day"),
        ({"ideas_from_day": "morgen"}, "ideas_from_day"),
        ({"neighbourhoods": []}, "neighbourhoods"),
        ({"neighbourhoods": ["9" * 40]}, "neighbourhoods"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused(changes, field, wim, centrum, sign_in):
    assert field in plan_round(sign_in(wim), centrum, **changes).context["form"].errors
    assert not Round.objects.exists()


def test_a_manager_plans_no_round_in_a_wijk_of_someone_else(wim, bea, centrum, haven, sign_in):
    response = plan_round(sign_in(wim), centrum, neighbourhoods=[centrum.pk, haven.pk])
    assert "neighbourhoods" in response.context["form"].errors
    assert plan_round(sign_in(bea), centrum, neighbourhoods=[centrum.pk, haven.pk]).status_code == 302
    # A round of two wijken is not changed by the manager of one of them.
    url = reverse("neighbourhoods:change_round", args=[Round.objects.get().pk])
    assert sign_in(wim).get(url).status_code == 403
    assert sign_in(bea).get(url).status_code == 200


def test_a_changed_round_leaves_its_new_dates_in_the_log(wim, centrum, sign_in):
    plan_round(sign_in(wim), centrum)
    url = reverse("neighbourhoods:change_round", args=[Round.objects.get().pk])
    data = ROUND | {"neighbourhoods": [centrum.pk], "choose_until_day": "2027-06-30"}
    seen = sign_in(wim).post(url, data).context["form"].data["seen"]
    assert sign_in(wim).post(url, data | {"seen": seen}).status_code == 302
    dates = [event.data["choose_until"] for event in NeighbourhoodEvent.objects.filter(neighbourhood=centrum)]
    assert len(set(dates)) == 2


def test_the_same_form_sent_twice_plans_one_round(wim, centrum, sign_in):
    key = str(factories.new_key())
    for name in ("Eerste", "Eerste nog eens"):
        assert plan_round(sign_in(wim), centrum, key=key, name=name).status_code == 302
    assert Round.objects.get().name == "Eerste"
