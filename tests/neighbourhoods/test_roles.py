"""Roles: per wijk, for a period, given by someone else."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, User
from neighbourhoods import actions
from neighbourhoods.models import Membership, NeighbourhoodEvent, Role
from neighbourhoods.policies import forget_roles, may, may_change_roles_of, roles_of
from tests import factories

DAY = datetime.timedelta(days=1)
LAST_DAY = datetime.date(2026, 12, 31)


@pytest.mark.parametrize(("day", "holds"), [(LAST_DAY - DAY, True), (LAST_DAY, True), (LAST_DAY + DAY, False)])
def test_a_role_ends_by_itself_after_its_last_day(day, holds, centrum):
    user = factories.make_user("Wilma")
    factories.give_role(user, Role.NEIGHBOURHOOD_MANAGER, centrum, ends_on=LAST_DAY)
    assert Membership.objects.of(user).on_day(day).exists() is holds


def test_a_role_that_ended_gives_nothing_any_more(centrum, wim, sign_in):
    url = reverse("neighbourhoods:plan_meeting", args=[centrum.slug])
    assert sign_in(wim).get(url).status_code == 200
    Membership.objects.filter(user=wim).update(ends_on=datetime.date(2020, 1, 2))
    assert sign_in(wim).get(url).status_code == 403


@pytest.mark.parametrize("name", ["plan_meeting", "plan_round"])
def test_a_role_in_one_wijk_gives_nothing_in_another(name, centrum, wim, hans, ria, sign_in):
    url = reverse(f"neighbourhoods:{name}", args=[centrum.slug])
    assert sign_in(wim).get(url).status_code == 200
    assert sign_in(hans).get(url).status_code == 403
    assert sign_in(ria).get(url).status_code == 403
    assert not may(hans, "plan_meeting", centrum)


def test_an_administrator_gives_a_role_and_the_person_hears_of_it(bea, ria, centrum, sign_in):
    form = {"email": ria.email.upper(), "role": "team_member", "neighbourhood": centrum.pk, "starts_on": "2027-01-01"}
    response = sign_in(bea).post(reverse("neighbourhoods:grant_role"), form)
    assert response.status_code == 302, response.context["form"].errors
    membership = Membership.objects.get(user=ria, role=Role.TEAM_MEMBER)
    assert (membership.neighbourhood, membership.ends_on) == (centrum, None)
    assert Mail.objects.filter(recipient=ria, about=f"membership:{membership.pk}:granted").count() == 1
    event = NeighbourhoodEvent.objects.get(kind="grant_role")
    assert (event.actor, event.membership, event.is_public) == (bea, membership, False)


def test_nobody_gives_a_role_to_themselves(bea, centrum, now, sign_in):
    form = {"email": bea.email, "role": "neighbourhood_manager", "neighbourhood": centrum.pk, "starts_on": "2027-01-01"}
    response = sign_in(bea).post(reverse("neighbourhoods:grant_role"), form)
    assert "Vraag een andere beheerder" in str(response.context["form"].errors["email"])
    with pytest.raises(ValidationError, match="uzelf"):
        actions.grant_role(
            user=bea,
            role=Role.FINANCE_OFFICER,
            neighbourhood=None,
            starts_on=datetime.date(2027, 1, 1),
            actor=bea,
            now=now,
        )
    assert Membership.objects.filter(user=bea).count() == 1
    assert not may_change_roles_of(bea, bea)


def test_nobody_ends_their_own_role(bea, now, sign_in):
    membership = Membership.objects.get(user=bea)
    response = sign_in(bea).post(
        reverse("neighbourhoods:end_role", args=[membership.pk]), {"ends_on": "2027-01-01", "reason": "Zomaar"}
    )
    assert response.status_code == 302
    membership.refresh_from_db()
    assert membership.ends_on is None
    with pytest.raises(ValidationError):
        actions.end_role(membership, ends_on=datetime.date(2027, 1, 1), actor=bea, now=now)


def test_an_administrator_ends_a_role_at_once_with_a_reason(bea, wim, centrum, sign_in):
    membership = Membership.objects.get(user=wim)
    today = datetime.date.today()  # noqa: DTZ011 - as near to the view's own day as a test needs
    url = reverse("neighbourhoods:end_role", args=[membership.pk])
    assert "reason" in sign_in(bea).post(url, {"ends_on": str(today - DAY)}).context["form"].errors
    response = sign_in(bea).post(url, {"ends_on": str(today - 40 * DAY), "reason": "Andere baan"})
    assert "ends_on" in response.context["form"].errors
    assert sign_in(bea).post(url, {"ends_on": str(today - DAY), "reason": "Andere baan"}).status_code == 302
    forget_roles(wim)
    assert not roles_of(wim).has(Role.NEIGHBOURHOOD_MANAGER, centrum)
    assert NeighbourhoodEvent.objects.get(kind="end_role").reason == "Andere baan"
    assert Mail.objects.filter(recipient=wim).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "niemand@example.org"}, "email"),
        ({"role": "resident"}, "role"),
        ({"role": "koning"}, "role"),
        ({"neighbourhood": ""}, "__all__"),  # a wijkmanager has a wijk
        ({"role": "municipal_admin"}, "__all__"),  # an administrator has none
        ({"starts_on": "2020-01-01"}, "starts_on"),
        ({"ends_on": "2026-12-31"}, "__all__"),  # before the first day
        ({"email": "x" * 5000 + "@example.org"}, "email"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused_and_nothing_is_kept(changes, field, bea, ria, centrum, sign_in):
    before = Membership.objects.count()
    form = {"email": ria.email, "role": "neighbourhood_manager", "neighbourhood": centrum.pk, "starts_on": "2027-01-01"}
    response = sign_in(bea).post(reverse("neighbourhoods:grant_role"), form | changes)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert Membership.objects.count() == before


def test_the_same_role_twice_in_one_period_is_refused(bea, wim, centrum, sign_in):
    form = {"email": wim.email, "role": "neighbourhood_manager", "neighbourhood": centrum.pk}
    url = reverse("neighbourhoods:grant_role")
    response = sign_in(bea).post(url, form | {"starts_on": "2027-01-01", "ends_on": "2027-02-01"})
    assert "al op deze dagen" in str(response.context["form"].errors)


def test_fields_that_were_not_asked_change_nothing(bea, ria, rob, centrum, sign_in):
    """Mass assignment: every field of the model is sent, only those of the form count."""
    other = Membership.objects.get(user=rob)
    form = {"email": ria.email, "role": "team_member", "neighbourhood": centrum.pk, "starts_on": "2027-01-01"}
    extra = {"user": rob.pk, "user_id": rob.pk, "id": other.pk, "pk": other.pk, "is_active": ""}
    assert sign_in(bea).post(reverse("neighbourhoods:grant_role"), form | extra).status_code == 302
    assert Membership.objects.get(role=Role.TEAM_MEMBER).user == ria
    assert Membership.objects.get(pk=other.pk).role == Role.RESIDENT


ADMINISTRATION = ["administration", "change_municipality", "add_theme", "people", "grant_role", "log"]


@pytest.mark.parametrize("name", ADMINISTRATION)
def test_only_administrators_administer(name, bea, wim, ria, carla, client, sign_in):
    url = reverse(f"neighbourhoods:{name}")
    assert client.get(url).status_code == 302
    for person in (ria, wim, carla):
        assert sign_in(person).get(url).status_code == 403
        assert sign_in(person).post(url, {}).status_code in {403, 405}
    assert sign_in(bea).get(url).status_code == 200


def test_who_lives_where_is_not_in_the_list_of_people(bea, ria, wim, centrum, sign_in):
    page = sign_in(bea).get(reverse("neighbourhoods:people"), {"period": "all"})
    assert ria.email not in page.text
    assert wim.email in page.text
    resident = Membership.objects.get(user=ria)
    assert sign_in(bea).get(reverse("neighbourhoods:end_role", args=[resident.pk])).status_code == 404


def test_who_lives_where_is_not_in_the_log_either(bea, ria, haven, sign_in):
    sign_in(ria).post(reverse("neighbourhoods:choose_home"), {"neighbourhood": haven.pk})
    page = sign_in(bea).get(reverse("neighbourhoods:log"))
    assert page.context["lines"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"Wim", "Hans", "Bea"}),
        ({"q": "wIm"}, {"Wim"}),
        ({"role": "municipal_admin"}, {"Bea"}),
        ({"neighbourhood": "haven"}, {"Hans"}),
        ({"period": "ended"}, {"Oud"}),
        ({"period": "planned"}, {"Nieuw"}),
        ({"period": "all"}, {"Wim", "Hans", "Bea", "Oud", "Nieuw"}),
        ({"role": "koning", "page": "9" * 5000}, {"Wim", "Hans", "Bea"}),
        ({"q": "x" * 5000}, {"Wim", "Hans", "Bea"}),
        ({"neighbourhood": "nergens", "period": "ooit"}, {"Wim", "Hans", "Bea"}),
    ],
)
def test_people_are_found_by_name_role_wijk_and_period(query, found, bea, wim, hans, centrum, sign_in):
    day = datetime.date
    factories.give_role(factories.make_user("Oud"), Role.TEAM_MEMBER, centrum, ends_on=day(2021, 1, 1))
    factories.give_role(factories.make_user("Nieuw"), Role.TEAM_MEMBER, centrum, starts_on=day(2099, 1, 1))
    page = sign_in(bea).get(reverse("neighbourhoods:people"), query)
    assert {held.user.name for held in page.context["page_obj"]} == found


def test_choosing_a_wijk_moves_house_and_opens_no_door(ria, centrum, haven, sign_in):
    url = reverse("neighbourhoods:choose_home")
    for chosen in (haven, centrum, haven):
        assert sign_in(ria).post(url, {"neighbourhood": chosen.pk}).status_code == 302
    forget_roles(ria)
    running = Membership.objects.of(ria).filter(ends_on=None)
    assert [(held.role, held.neighbourhood) for held in running] == [(Role.RESIDENT, haven)]
    assert not may(ria, "plan_meeting", haven)
    assert sign_in(ria).post(url, {"neighbourhood": ""}).status_code == 302
    assert not Membership.objects.of(ria).filter(ends_on=None).exists()
    assert "neighbourhood" in sign_in(ria).post(url, {"neighbourhood": "9" * 30}).context["form"].errors


def test_ones_wijk_is_the_one_that_was_chosen_last(ria, haven, sign_in):
    sign_in(ria).post(reverse("neighbourhoods:choose_home"), {"neighbourhood": haven.pk})
    seen = [reverse("neighbourhoods:choose_home"), reverse("proposals:create")]
    initial = [sign_in(ria).get(url).context["form"].initial["neighbourhood"] for url in seen]
    assert initial == [haven, haven]
    assert "/wijken/haven/" in sign_in(ria).get(reverse("accounts:me")).text
    sign_in(ria).post(reverse("neighbourhoods:choose_home"), {"neighbourhood": ""})
    assert [sign_in(ria).get(url).context["form"].initial["neighbourhood"] for url in seen] == [None, None]


def test_ending_a_role_never_makes_it_last_longer(bea, wim, centrum, now, sign_in):
    last_day = timezone.localdate() + datetime.timedelta(days=30)
    role = factories.give_role(wim, Role.COMMUNITY_WORKER, centrum, ends_on=last_day)
    url = reverse("neighbourhoods:end_role", args=[role.pk])
    answer = {"ends_on": str(last_day + datetime.timedelta(days=1)), "reason": "Toch langer"}
    assert sign_in(bea).post(url, answer).status_code == 200
    role.refresh_from_db()
    assert role.ends_on == last_day
    assert sign_in(bea).post(url, answer | {"ends_on": str(last_day)}).status_code == 302


def test_the_first_administrator_is_made_on_the_server(town, capsys):
    call_command("create_admin", email="Eerste@Example.org", name="Eva Eerste")
    user = User.objects.get(email="eerste@example.org")
    assert may(user, "administer")
    assert "has a new account" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"al\.|already"):
        call_command("create_admin", email="eerste@example.org", name="Eva Eerste")
    with pytest.raises(CommandError):
        call_command("create_admin", email="geen adres", name="Niemand")
    assert User.objects.count() == 1


def test_the_town_calls_a_role_by_its_own_word(town, wim, centrum, client, settings):
    town.role_labels = {"neighbourhood_manager": "wijkregisseur"}
    town.save()
    assert "Wijkregisseur" in client.get(centrum.get_absolute_url()).text
    assert "Neighbourhood manager" in client.get(f"/en{centrum.get_absolute_url()}").text
