"""The page of one idea: who sees what of it, what it tells, and which buttons stand there."""

import datetime

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from neighbourhoods.models import Role
from proposals import actions
from proposals.models import Proposal, ProposalEvent
from proposals.story import steps_of, timeline_of
from proposals.workflow import STEPS, Status
from tests.factories import NOW, give_role, make_proposal, make_user

MINUTE = datetime.timedelta(minutes=1)


def page_of(client, proposal):
    response = client.get(proposal.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


# --- Who sees it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 404), ("ria", 200), ("rob", 404), ("olga", 404), ("wim", 404), ("cora", 404), ("carla", 404), ("bea", 404)],
)
def test_a_draft_is_there_for_its_writer_alone(who, status, request, client, ria, centrum):
    draft = make_proposal(ria, centrum, title="Kanarie")
    if who:
        client.force_login(request.getfixturevalue(who))
    response = client.get(draft.get_absolute_url())
    assert response.status_code == status
    if status == 404:
        assert "Kanarie" not in response.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 404), ("ria", 200), ("rob", 404), ("wim", 200), ("cora", 200), ("hans", 404), ("carla", 404)],
)
def test_what_was_sent_in_is_there_for_the_staff_of_the_wijk_too(who, status, request, client, ria, centrum):
    proposal = make_proposal(ria, centrum, "submitted")
    if who:
        client.force_login(request.getfixturevalue(who))
    assert client.get(proposal.get_absolute_url()).status_code == status


def test_who_is_invited_reads_the_draft_and_joins(client, ria, rob, olga, centrum):
    draft = make_proposal(ria, centrum, title="Kanarie")
    actions.invite(draft, emails=[rob.email], actor=ria, now=NOW)
    client.force_login(olga)
    assert client.get(draft.get_absolute_url()).status_code == 404
    client.force_login(rob)
    page = page_of(client, draft)
    assert "Ria vraagt of u meedoet" in page
    client.post(f"{draft.get_absolute_url()}meedoen/")
    page = page_of(client, draft)
    assert "vraagt of u meedoet" not in page
    assert "U doet mee met dit idee" in page


@pytest.mark.parametrize("pk", ["0", "99999", "9" * 18, "9" * 30])
def test_an_idea_that_does_not_exist_is_404(pk, client, town):
    assert client.get(f"/ideeen/{pk}/").status_code == 404


def test_who_comes_from_a_mail_without_a_session_is_shown_the_way_in_whether_the_idea_exists_or_not(
    client, ria, centrum
):
    draft = make_proposal(ria, centrum)
    there, nowhere = client.get(draft.get_absolute_url()), client.get("/ideeen/99999/")
    assert there.status_code == nowhere.status_code == 404
    assert f"/account/login/?next={draft.get_absolute_url()}" in there.content.decode()
    assert there.content.decode().replace(f"/ideeen/{draft.pk}/", "/ideeen/99999/") == nowhere.content.decode()


@pytest.mark.parametrize("page", ["NaN", "-1", "9" * 40, "²"])
def test_odd_pages_of_reactions_are_ignored(page, client, published):
    assert client.get(published.get_absolute_url(), {"page": page}).status_code == 200


@pytest.mark.parametrize("status", [status for status in Status if status not in {"draft", "submitted", "returned"}])
def test_every_public_status_has_a_page_that_says_it_in_words(status, client, ria, wim, centrum, budget):
    proposal = make_proposal(ria, centrum, status, manager=wim, budget=budget)
    page = page_of(client, proposal)
    assert str(Status(status).label) in page
    assert "Wat gebeurt er nu?" in page


# --- What it tells ---------------------------------------------------------------------------------------------------


def test_the_text_is_plain_text_with_links_that_are_not_recommended(client, ria, wim, centrum):
    what = "Eerste regel\n\n<b>niet vet</b> <script>alert(1)</script> https://voorbeeld.example/plan"
    proposal = make_proposal(ria, centrum, "published", manager=wim, what=what, title='"><svg onload=alert(1)>')
    page = page_of(client, proposal)
    assert "<script>" not in page
    assert "<b>niet vet" not in page
    assert "<svg onload" not in page
    assert '<a href="https://voorbeeld.example/plan" rel="nofollow">' in page


def test_merged_ideas_link_to_each_other(client, ria, rob, wim, centrum):
    into = make_proposal(ria, centrum, "published", manager=wim, title="Het bankje")
    away = make_proposal(rob, centrum, "published", manager=wim, title="Nog een bankje")
    actions.merge_proposals(away, into=into, reason="Hetzelfde", actor=wim, now=NOW)
    assert into.get_absolute_url() in page_of(client, away)
    assert "Nog een bankje" in page_of(client, into)


def test_an_idea_that_was_merged_before_it_was_published_stays_unseen(client, ria, rob, wim, centrum):
    into = make_proposal(ria, centrum, "published", manager=wim)
    canary = make_proposal(rob, centrum, "submitted", title="Kanarie in de kooi")
    actions.merge_proposals(canary, into=into, reason="Hetzelfde", actor=wim, now=NOW)
    assert "Kanarie" not in page_of(client, into)
    client.force_login(rob)
    assert "Kanarie" in page_of(client, into)


def test_internal_steps_are_for_the_staff_of_the_wijk(client, ria, wim, hans, cora, published):
    actions.write_note(published, reason="Kanarie gebeld", actor=wim, now=NOW)
    for outsider in (None, ria, hans):
        client.logout()
        if outsider:
            client.force_login(outsider)
        assert "Kanarie gebeld" not in page_of(client, published)
    for insider in (wim, cora):
        client.force_login(insider)
        page = page_of(client, published)
        assert "Kanarie gebeld" in page
        assert "Alleen voor medewerkers" in page


def test_the_check_is_told_in_words(client, feasible):
    page = page_of(client, feasible)
    assert "Kan het?" in page
    assert "Ja, het kan." in page
    assert "Dit kan." in page
    assert "1.000" in page


def test_a_rejection_gives_its_reason_at_the_top(client, ria, wim, centrum):
    proposal = make_proposal(ria, centrum, "infeasible", manager=wim)
    assert "De grond is niet van ons." in page_of(client, proposal).split("Het idee", 1)[0]


def test_votes_from_elsewhere_are_named_with_their_source(client, published):
    Proposal.objects.filter(pk=published.pk).update(recorded_votes=123, source="Centrum Begroot 2023", source_id="7")
    assert "123 stemmen in Centrum Begroot 2023" in page_of(client, published)


def test_only_the_people_of_the_idea_get_the_question_with_a_form(client, ria, rob, wim, published):
    actions.ask_question(published, reason="Met of zonder leuning?", actor=wim, now=NOW)
    client.force_login(rob)
    assert 'id="answer-reason"' not in page_of(client, published)
    client.force_login(ria)
    page = page_of(client, published)
    assert 'id="answer-reason"' in page
    key = page.split('name="key" value="', 1)[1][:36]
    client.post(f"{published.get_absolute_url()}antwoorden/", {"reason": "Met leuning", "key": key})
    page = page_of(client, published)
    assert "Met leuning" in page
    assert 'id="answer-reason"' not in page


# --- The road --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", list(Status))
def test_the_steps_show_where_the_idea_is(status, ria, wim, centrum, budget):
    proposal = make_proposal(ria, centrum, status, manager=wim, budget=budget)
    steps = steps_of(proposal, timeline_of(proposal, sees_internal=False))
    marked = [step for step in steps if step.state in {"current", "stopped"}]
    if status == "completed":
        assert [step.state for step in steps] == ["done"] * len(STEPS)
    else:
        assert [step.label for step in marked] == [Status(status).label]


def test_a_project_that_stopped_shows_how_far_it_came(ria, wim, centrum, budget):
    proposal = make_proposal(ria, centrum, "cancelled", manager=wim, budget=budget)
    steps = steps_of(proposal, timeline_of(proposal, sees_internal=False))
    assert [step.state for step in steps] == ["done", "done", "done", "done", "stopped"]


# --- The buttons -----------------------------------------------------------------------------------------------------


def test_the_box_of_the_wijkmanager_is_for_her_alone(client, request, published):
    for who in (None, "ria", "rob", "hans", "carla"):
        client.logout()
        if who:
            client.force_login(request.getfixturevalue(who))
        assert "Voor medewerkers" not in page_of(client, published), who
    client.force_login(request.getfixturevalue("wim"))
    page = page_of(client, published)
    assert "Voor medewerkers" in page
    assert f"{published.get_absolute_url()}kan-het/" in page


@pytest.mark.parametrize("status", ["submitted", "published", "feasible", "awarded", "in_progress", "infeasible"])
def test_every_button_of_the_wijkmanager_opens_a_page(status, sign_in, ria, wim, centrum, budget):
    proposal = make_proposal(ria, centrum, status, manager=wim, budget=budget)
    client = sign_in(wim)
    buttons = client.get(proposal.get_absolute_url()).context["staff_buttons"]
    assert buttons
    for button in buttons:
        assert client.get(button.url).status_code == 200, button.verb


def test_the_writer_of_a_draft_gets_send_in_change_and_invite(sign_in, ria, centrum):
    draft = make_proposal(ria, centrum)
    page = page_of(sign_in(ria), draft)
    for tail in ("insturen/", "wijzigen/", "uitnodigen/", "intrekken/"):
        assert draft.get_absolute_url() + tail in page


# --- Cost ------------------------------------------------------------------------------------------------------------


def queries_of(client, proposal):
    client.get("/ideeen/")  # the town's name is remembered from here on
    with CaptureQueriesContext(connection) as captured:
        client.get(proposal.get_absolute_url())
    return len(captured)


def test_a_hundred_reactions_and_steps_cost_as_many_queries_as_one(client, ria, rob, wim, published):
    first = actions.add_comment(published, text="Een", actor=rob, now=NOW)
    actions.add_comment(published, text="Twee", parent=first, actor=ria, now=NOW)
    few = queries_of(client, published)
    for number in range(20):
        person = make_user(f"Buur {number}")
        comment = actions.add_comment(published, text="Mooi", actor=person, now=NOW)
        actions.add_comment(published, text="Dank", parent=comment, actor=ria, now=NOW + number * MINUTE)
        actions.join_proposal(published, actor=person, now=NOW)
        actions.write_note(published, reason="Gebeld", actor=wim, now=NOW)
    caches["pages"].clear()
    assert queries_of(client, published) == few
    assert few <= 8


def test_what_was_read_is_kept_until_something_happens(client, rob, published):
    page_of(client, published)
    actions.add_comment(published, text="Nieuw geluid", actor=rob, now=NOW)
    assert "Nieuw geluid" in page_of(client, published)


def test_hundreds_of_supports_are_not_on_the_timeline(client, wim, published):
    give_role(wim, Role.RESIDENT, published.neighbourhood)
    for number in range(3):
        actions.support_proposal(published, actor=make_user(f"Buur {number}"), now=NOW)
    assert ProposalEvent.objects.filter(kind="support").count() == 3
    client.force_login(wim)
    assert "Steun gegeven" not in page_of(client, published)


def test_later_pages_hold_the_later_reactions(client, rob, published):
    for number in range(51):
        last = actions.add_comment(published, text=f"Reactie nummer {number}.", actor=rob, now=NOW + number * MINUTE)
    assert "Reactie nummer 50." not in page_of(client, published)
    response = client.get(published.get_absolute_url(), {"page": "2"})
    assert "Reactie nummer 50." in response.content.decode()
    client.force_login(rob)
    response = client.post(f"/reacties/{last.pk}/melden/", {"reason": "proef"})
    assert response.url == f"{published.get_absolute_url()}?page=2#reactie-{last.pk}"
