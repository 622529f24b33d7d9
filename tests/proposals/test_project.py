"""A running project: steps with promised dates, news with photos, and what everyone sees of it."""

import datetime
import io
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import Mail
from budgets import actions as budget_actions
from proposals import actions
from proposals.models import Milestone, Photo, ProposalEvent
from proposals.workflow import RUNNING, Status, is_possible
from tests.factories import NOW, make_proposal

DAY = datetime.timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def milestone(project):
    return project.milestones.get()


def post(client, verb, pk, **fields):
    return client.post(reverse(f"proposals:{verb}", args=[pk]), {"key": uuid.uuid4(), **fields})


def in_days(number):
    return (timezone.localdate() + number * DAY).isoformat()


def jpeg(colour="green"):
    file = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, "JPEG")
    return SimpleUploadedFile("foto.jpg", file.getvalue(), "image/jpeg")


def panel(proposal, user, now=NOW):
    template = Template("{% load project_tags %}{% project_panel proposal %}")
    return template.render(Context({"proposal": proposal, "user": user, "now": now}))


FORMS = {
    "plan": lambda: {"title": "Bankje geplaatst", "promised_on": in_days(30)},
    "replan": lambda: {"promised_on": in_days(60), "reason": "De leverancier is later."},
    "reach": lambda: {"reason": "Het regende."},
    "report": lambda: {"text": "Het gaat goed."},
}


@pytest.mark.parametrize("status", [status for status in Status if status not in {Status.DRAFT}])
@pytest.mark.parametrize("verb", list(FORMS))
def test_each_step_of_a_project_for_each_person(
    verb, status, client, ria, rob, wim, hans, carla, cora, centrum, budget
):
    proposal = make_proposal(ria, centrum, status, manager=wim, budget=budget)
    pk = proposal.pk
    if verb in {"replan", "reach"}:
        fields = {"title": "Extra", "promised_on": TODAY + 900 * DAY, "first_promised_on": TODAY + 900 * DAY}
        pk = Milestone.objects.create(proposal=proposal, **fields).pk
    unseen = {"submitted": [rob, hans, carla], "returned": [rob, hans, carla]}.get(status, [])
    allowed = [cora, wim] if verb == "report" else [wim]
    events = ProposalEvent.objects.filter(proposal=proposal, kind=verb)
    before = events.count()
    for person in (ria, rob, hans, carla, cora, wim):
        client.force_login(person)
        expected = 302 if person in allowed else 404 if person in unseen else 403
        response = client.get(reverse(f"proposals:{verb}", args=[pk]))
        assert response.status_code == (200 if expected == 302 and is_possible(verb, status) else expected), person
        count = events.count()
        assert post(client, verb, pk, **FORMS[verb]()).status_code == expected, person
        assert events.count() - count == (expected == 302 and is_possible(verb, status)), person
    assert (events.count() > before) is is_possible(verb, status)


# --- Steps -----------------------------------------------------------------------------------------------------------


def test_two_steps_in_a_row(sign_in, wim, project):
    client = sign_in(wim)
    response = post(client, "plan", project.pk, title="Grond klaar", promised_on=in_days(9), another="1")
    assert response.url == reverse("proposals:plan", args=[project.pk])
    assert "Grond klaar" in client.get(response.url).content.decode()
    response = post(client, "plan", project.pk, title="Bankje staat", promised_on=in_days(19))
    assert response.url == project.get_absolute_url()
    assert project.milestones.count() == 3


@pytest.mark.parametrize("date", ["", "gisteren", "0001-01-01", "9999-12-31", "10000-01-01", "\x00"])
def test_an_odd_date_is_a_form_error(date, sign_in, wim, project, milestone):
    client = sign_in(wim)
    for verb, pk in (("plan", project.pk), ("replan", milestone.pk)):
        response = post(client, verb, pk, **{**FORMS[verb](), "promised_on": date})
        assert response.status_code in {200, 400}, verb
    assert project.milestones.count() == 1


def test_today_can_be_promised_and_yesterday_cannot(sign_in, wim, project):
    client = sign_in(wim)
    assert post(client, "plan", project.pk, title="Nu", promised_on=in_days(0)).status_code == 302
    assert post(client, "plan", project.pk, title="Toen", promised_on=in_days(-1)).status_code == 200


def test_a_new_date_keeps_the_first_one_and_its_reason(wim, project, milestone):
    first = milestone.promised_on
    actions.replan_milestone(milestone, promised_on=first + 7 * DAY, reason="Vakantie", actor=wim, now=NOW)
    actions.replan_milestone(milestone, promised_on=first + 9 * DAY, reason="Regen", actor=wim, now=NOW)
    milestone.refresh_from_db()
    assert (milestone.first_promised_on, milestone.promised_on) == (first, first + 9 * DAY)
    page = panel(project, wim)
    assert "eerst beloofd: 31 oktober 2026" in page
    assert "Regen" in page


def test_the_page_for_a_new_date_shows_the_old_ones(sign_in, wim, milestone):
    actions.replan_milestone(milestone, promised_on=TODAY + 50 * DAY, reason="Vakantie", actor=wim, now=NOW)
    page = sign_in(wim).get(reverse("proposals:replan", args=[milestone.pk])).content.decode()
    assert "31 oktober 2026" in page
    assert "20 november 2026" in page
    assert "Vakantie" in page


def test_the_same_date_is_no_new_date(sign_in, wim, milestone):
    promised = timezone.localdate() + 3 * DAY
    Milestone.objects.filter(pk=milestone.pk).update(promised_on=promised, first_promised_on=promised)
    response = post(sign_in(wim), "replan", milestone.pk, promised_on=in_days(3), reason="Zomaar")
    assert response.status_code == 200
    assert "al beloofd" in response.content.decode()


def test_a_step_that_is_done_stays_as_it_was(wim, milestone):
    actions.reach_milestone(milestone, actor=wim, now=NOW)
    stale = Milestone.objects.get(pk=milestone.pk)
    stale.done_on = None  # what someone with an older page still believes
    with pytest.raises(ValidationError):
        actions.reach_milestone(stale, actor=wim, now=NOW)
    with pytest.raises(ValidationError):
        actions.replan_milestone(stale, promised_on=TODAY + DAY, reason="Toch later", actor=wim, now=NOW)
    assert milestone.proposal.events.filter(kind__in=["reach", "replan"]).count() == 1


@pytest.mark.parametrize(("days_after", "reason_needed"), [(-1, False), (0, False), (1, True)])
def test_only_who_is_late_says_why(days_after, reason_needed, wim, milestone):
    now = NOW + (milestone.promised_on - TODAY + days_after * DAY)
    if reason_needed:
        with pytest.raises(ValidationError):
            actions.reach_milestone(milestone, actor=wim, now=now)
        assert not milestone.proposal.events.filter(kind="reach").exists()
    actions.reach_milestone(milestone, reason="Regen" if reason_needed else "", actor=wim, now=now)
    milestone.refresh_from_db()
    assert milestone.done_on == milestone.promised_on + days_after * DAY


def test_a_second_delay_needs_a_reason_of_its_own(wim, milestone):
    actions.replan_milestone(milestone, promised_on=TODAY + 40 * DAY, reason="Vakantie", actor=wim, now=NOW)
    with pytest.raises(ValidationError):
        actions.reach_milestone(milestone, actor=wim, now=NOW + 41 * DAY)


def test_late_counts_by_the_calendar_of_the_town(wim, milestone):
    """At 23.30 UTC on the promised day it is past midnight in Amsterdam."""
    night = datetime.datetime.combine(milestone.promised_on, datetime.time(23, 30), datetime.UTC)
    with pytest.raises(ValidationError):
        actions.reach_milestone(milestone, actor=wim, now=night)
    actions.reach_milestone(milestone, reason="Net te laat", actor=wim, now=night)
    milestone.refresh_from_db()
    assert milestone.done_on == milestone.promised_on + DAY


def test_a_project_starts_with_a_step_and_ends_without_open_ones(sign_in, ria, wim, centrum, budget):
    project = make_proposal(ria, centrum, "awarded", manager=wim, budget=budget)
    client = sign_in(wim)
    page = client.get(reverse("proposals:start", args=[project.pk])).content.decode()
    assert reverse("proposals:plan", args=[project.pk]) in page
    assert post(client, "start", project.pk).status_code == 200
    project.refresh_from_db()
    assert project.status == Status.AWARDED
    milestone = actions.plan_milestone(project, title="Bankje", promised_on=TODAY, actor=wim, now=NOW)
    assert post(client, "start", project.pk).status_code == 302
    project.refresh_from_db()
    with pytest.raises(ValidationError):
        budget_actions.finish_project(project, reason="Klaar", actor=wim, now=NOW)
    actions.reach_milestone(milestone, actor=wim, now=NOW)
    assert budget_actions.finish_project(project, reason="Klaar", actor=wim, now=NOW).status == Status.COMPLETED


def test_each_step_of_a_project_tells_its_people_once(sign_in, ria, wim, project, milestone):
    promised = timezone.localdate() + 3 * DAY
    Milestone.objects.filter(pk=milestone.pk).update(promised_on=promised, first_promised_on=promised)
    client = sign_in(wim)
    for verb, pk in (("replan", milestone.pk), ("report", project.pk), ("reach", milestone.pk)):
        Mail.objects.all().delete()
        key = uuid.uuid4()
        for _ in range(2):
            assert post(client, verb, pk, key=key, **FORMS[verb]()).status_code == 302, verb
        assert list(Mail.objects.values_list("recipient__name", flat=True)) == ["Ria"], verb


# --- News ------------------------------------------------------------------------------------------------------------


def test_news_with_two_photos(sign_in, wim, rob, project):
    photos = {"photo_1": jpeg(), "alt_1": "Een lege straat", "photo_4": jpeg("red"), "alt_4": "Een kruiwagen"}
    assert post(sign_in(wim), "report", project.pk, text="De tegels zijn eruit.", **photos).status_code == 302
    page = sign_in(rob).get(project.get_absolute_url()).content.decode()
    assert "De tegels zijn eruit." in page
    assert 'alt="Een lege straat"' in page
    note = project.progress_notes.get()
    assert list(note.photos.values_list("alt", flat=True)) == ["Een lege straat", "Een kruiwagen"]


def test_the_end_of_a_line_counts_as_one_character_as_in_the_browser(sign_in, wim, project):
    text = "\r\n".join(["Regel"] * 300) + "x" * 201
    assert len(text.replace("\r\n", "\n")) == 2000
    assert post(sign_in(wim), "report", project.pk, text=text).status_code == 302
    assert post(sign_in(wim), "note", project.pk, reason=text).status_code == 302


def test_a_photo_without_words_or_that_is_no_photo_comes_back(sign_in, wim, project):
    client = sign_in(wim)
    response = post(client, "report", project.pk, text="Nieuws", photo_1=jpeg(), alt_1="")
    assert "Schrijf in een paar woorden" in response.content.decode()
    assert "Kies deze foto opnieuw." in response.content.decode()
    fake = SimpleUploadedFile("foto.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    response = post(client, "report", project.pk, text="Nieuws", photo_2=fake, alt_2="Iets")
    assert response.status_code == 200
    assert '<details class="wp-details" open>' in response.content.decode()
    assert not Photo.objects.exists()
    assert not project.progress_notes.exists()


def test_news_is_text_and_never_markup(wim, project):
    actions.report_progress(project, text="<script>alert(1)</script> https://voorbeeld.example", actor=wim, now=NOW)
    page = panel(project, wim)
    assert "<script>" not in page
    assert 'href="https://voorbeeld.example"' in page


# --- The panel -------------------------------------------------------------------------------------------------------


def test_progress_is_counted_in_steps(wim, rob, project, milestone):
    for number in range(4):
        actions.plan_milestone(project, title=f"Stap {number}", promised_on=TODAY + 90 * DAY, actor=wim, now=NOW)
    assert "0 van 5 stappen klaar" in panel(project, rob)
    actions.reach_milestone(milestone, actor=wim, now=NOW)
    page = panel(project, rob)
    assert "1 van 5 stappen klaar" in page
    assert 'value="1" max="5"' in page


@pytest.mark.parametrize(("days", "text"), [(0, ""), (1, "1 dag te laat"), (12, "12 dagen te laat")])
def test_a_late_step_says_so_from_the_day_after(days, text, rob, project, milestone):
    page = panel(project, rob, now=NOW + (milestone.promised_on - TODAY + days * DAY))
    assert ("te laat" in page) is bool(text)
    assert text in page


def test_the_buttons_are_for_who_may(ria, wim, cora, rob, project, milestone):
    reach, report = reverse("proposals:reach", args=[milestone.pk]), reverse("proposals:report", args=[project.pk])
    assert reach in panel(project, wim)
    assert report in panel(project, wim)
    assert report in panel(project, cora)
    for person in (cora, ria, rob):
        assert reach not in panel(project, person)
    for person in (ria, rob):
        assert report not in panel(project, person)


def test_an_idea_without_money_has_no_panel(wim, feasible):
    assert panel(feasible, wim).strip() == ""


def test_the_panel_asks_as_many_queries_for_one_step_as_for_many(wim, rob, project):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            panel(project, rob)
        return len(captured)

    actions.report_progress(project, text="Nieuws", actor=wim, now=NOW)
    queries()  # who Rob is and what he joined is asked once
    few = queries()
    for number in range(20):
        actions.plan_milestone(project, title=f"Stap {number}", promised_on=TODAY + DAY, actor=wim, now=NOW)
        actions.report_progress(project, text=f"Nieuws {number}", actor=wim, now=NOW)
    assert queries() == few


def test_steps_of_projects_that_ended_are_not_late(ria, wim, centrum, budget):
    for status in (*RUNNING, "cancelled"):
        proposal = make_proposal(ria, centrum, status, manager=wim, budget=budget)
        Milestone.objects.create(proposal=proposal, title="Extra", promised_on=TODAY, first_promised_on=TODAY)
    assert {step.proposal.status for step in Milestone.objects.late_on(TODAY + DAY)} == set(RUNNING)
