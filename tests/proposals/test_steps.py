"""Every step of the table over its page: who gets in, from which status it works, what it leaves behind."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import Mail
from neighbourhoods.models import Role
from proposals import actions, workflow
from proposals.models import Proposal, ProposalEvent, Support
from proposals.policies import verbs_for
from proposals.workflow import PRIVATE, Status, is_possible
from tests.factories import NOW, give_role, make_proposal, make_user

# The verbs with a page of their own here, and what their form is sent with.
BY_MANAGER = [
    "publish",
    "send_back",
    "ask",
    "accept",
    "reject",
    "pass_over",
    "reopen",
    "note",
    "start",
    "assign",
    "assess",
    "merge",
]
BY_AUTHOR = ["submit", "withdraw", "answer"]
ROADS_WITH_A_PUBLIC_PAGE = set(Status) - PRIVATE

# Who may, on an idea of Centrum that Ria wrote: the answer to the POST when the status allows the verb.
DONE, REFUSED, UNSEEN = 302, 403, 404


def post(client, verb, proposal, **fields):
    data = {"key": uuid.uuid4(), "reason": "Omdat het zo is.", **fields}
    return client.post(reverse(f"proposals:{verb}", args=[proposal.pk]), data)


def form_of(verb, proposal, manager, other):
    """What a form of `verb` holds besides a key and a reason."""
    return {
        "assign": {"assessor": manager.pk},
        "assess": {"version": proposal.version, "estimated_cents": "1.250,50", "technical": "yes", "legal": ""},
        "merge": {"into": other.pk},
    }.get(verb, {})


def expected_answer(verb, status, person):
    """The whole table: verb x status x person."""
    seen_by_anyone = status not in PRIVATE
    own_wijk = person in {"wim", "cora"} and status != "draft"
    sees = person == "ria" or own_wijk or seen_by_anyone
    if not sees:
        return UNSEEN
    if verb in BY_AUTHOR:
        return DONE if person == "ria" else REFUSED
    if verb == "note":
        return DONE if person in {"wim", "cora"} else REFUSED
    return DONE if person == "wim" else REFUSED


@pytest.fixture
def people(ria, rob, wim, hans, carla, cora):
    return {"ria": ria, "rob": rob, "wim": wim, "hans": hans, "carla": carla, "cora": cora}


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("verb", [*BY_MANAGER, *BY_AUTHOR])
def test_each_step_for_each_person_from_each_status(verb, status, people, centrum, budget, client):
    ria, wim = people["ria"], people["wim"]
    other = make_proposal(make_user("Ander"), centrum, "published", manager=wim)
    proposal = make_proposal(ria, centrum, status, manager=wim, budget=budget)
    if verb == "answer":
        Proposal.objects.filter(pk=proposal.pk).update(asked_at=NOW)
    if verb == "accept":
        Proposal.objects.filter(pk=proposal.pk).update(estimated_cents=100_00)
    if verb == "start" and status == "awarded":
        actions.plan_milestone(proposal, title="Besteld", promised_on=NOW.date(), actor=wim, now=NOW)
    before = ProposalEvent.objects.filter(proposal=proposal).count()
    # The one who may comes last, so that nobody is refused because it was done already.
    for person in sorted(people, key=lambda name: expected_answer(verb, status, name) == DONE):
        expected = expected_answer(verb, status, person)
        client.force_login(people[person])
        assert client.get(reverse(f"proposals:{verb}", args=[proposal.pk])).status_code in (
            {200, 302} if expected == DONE else {expected}
        ), (verb, status, person)
        if expected == DONE and verb == "note" and person == "cora":
            continue
        response = post(client, verb, proposal, **form_of(verb, proposal, wim, other))
        assert response.status_code == expected, (verb, status, person)
        proposal = Proposal.objects.get(pk=proposal.pk)
        events = ProposalEvent.objects.filter(proposal=proposal).count() - before
        if expected == DONE and is_possible(verb, status):
            assert events == 1, (verb, status, person)
            assert proposal.status == (workflow.VERBS[verb].target or status)
        else:
            assert events == 0, (verb, status, person)
            assert proposal.status == status


def test_who_comes_too_late_hears_where_the_idea_is_now(sign_in, wim, published):
    response = sign_in(wim).post(reverse("proposals:publish", args=[published.pk]), {"key": uuid.uuid4()}, follow=True)
    assert "Iemand was u voor" in response.content.decode()
    assert "Wij kijken of het kan" in response.content.decode()


def test_a_double_click_has_one_effect_and_both_answers_are_a_success(sign_in, wim, published):
    client, key = sign_in(wim), uuid.uuid4()
    answers = [post(client, "ask", published, key=key) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {302}
    assert ProposalEvent.objects.filter(proposal=published, kind="ask").count() == 1
    assert Mail.objects.filter(recipient=published.author, about__startswith="proposals.event").count() == 3
    publish_key = uuid.uuid4()
    sent_in = make_proposal(published.author, published.neighbourhood, "submitted")
    for _ in range(2):
        response = client.post(reverse("proposals:publish", args=[sent_in.pk]), {"key": publish_key}, follow=True)
        assert "Iemand was u voor" not in response.content.decode()


@pytest.mark.parametrize("verb", ["send_back", "ask", "reject", "note"])
@pytest.mark.parametrize("reason", ["", "   ", "x" * 5000, "nul\x00teken"])
def test_a_reason_that_is_missing_or_hostile_comes_back_as_an_error(verb, reason, sign_in, ria, wim, centrum):
    proposal = make_proposal(ria, centrum, "published" if verb == "reject" else "submitted", manager=wim)
    response = post(sign_in(wim), verb, proposal, reason=reason)
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert "<title>Fout: " in response.content.decode()
    assert not ProposalEvent.objects.filter(proposal=proposal, kind=verb).exists()


@pytest.mark.parametrize("key", ["", "geen-uuid", "\x00", "1" * 500])
def test_an_odd_key_is_a_form_error(key, sign_in, wim, published):
    assert post(sign_in(wim), "ask", published, key=key).status_code in {200, 400}
    assert published.events.filter(kind="ask").count() == 0


def test_every_step_says_what_happens_and_who_reads_it(sign_in, wim, ria, centrum, published):
    sent_in = make_proposal(ria, centrum, "submitted")
    page = sign_in(wim).get(reverse("proposals:send_back", args=[sent_in.pk])).content.decode()
    assert "Wat gebeurt er?" in page
    assert "Nu lezen alleen de mensen van het idee" in page
    page = sign_in(wim).get(reverse("proposals:ask", args=[published.pk])).content.decode()
    assert "Iedereen kan dit lezen" in page
    page = sign_in(wim).get(reverse("proposals:note", args=[published.pk])).content.decode()
    assert "Bewoners nooit" in page


def test_sending_in_says_what_is_not_filled_in_yet(sign_in, ria, centrum):
    draft = make_proposal(ria, centrum, "draft", why="Gezellig", requested_cents=100)
    page = sign_in(ria).get(reverse("proposals:submit", args=[draft.pk])).content.decode()
    assert "waar het moet komen" in page
    assert "een foto" in page
    assert "wat het mag kosten" not in page


def test_an_internal_note_is_read_by_staff_of_the_wijk_and_nobody_else(client, people, published):
    actions.write_note(published, reason="Kanarie in de notitie", actor=people["wim"], now=NOW)
    readers = {"wim": True, "cora": True, "ria": False, "rob": False, "hans": False, "carla": False}
    for name, reads in readers.items():
        client.force_login(people[name])
        page = client.get(published.get_absolute_url())
        assert ("Kanarie in de notitie" in page.content.decode()) is reads, name
        seen = ProposalEvent.objects.visible_to(people[name]).filter(proposal=published, kind="note").exists()
        assert seen is reads, name
    client.logout()
    assert "Kanarie in de notitie" not in client.get(published.get_absolute_url()).content.decode()
    assert not Mail.objects.filter(body__contains="Kanarie in de notitie").exists()


# --- Questions -------------------------------------------------------------------------------------------------------


def test_a_question_is_answered_once_and_only_when_it_was_asked(sign_in, ria, wim, published):
    client = sign_in(ria)
    assert "answer" not in verbs_for(ria, published)
    post(client, "answer", published)
    assert not published.events.filter(kind="answer").exists()
    actions.ask_question(published, reason="Welke straat?", actor=wim, now=NOW)
    page = client.get(reverse("proposals:answer", args=[published.pk])).content.decode()
    assert "Welke straat?" in page
    post(client, "answer", published, reason="De Dorpsstraat")
    post(client, "answer", published, reason="Nog eens")
    assert published.events.filter(kind="answer").count() == 1
    mail = Mail.objects.filter(recipient=wim).latest("id")
    assert "De Dorpsstraat" in mail.body


# --- Can it be done? -------------------------------------------------------------------------------------------------


def test_accepting_without_an_estimate_leads_to_the_check(sign_in, wim, published):
    client = sign_in(wim)
    page = client.get(reverse("proposals:accept", args=[published.pk])).content.decode()
    assert reverse("proposals:assess", args=[published.pk]) in page
    assert 'name="reason"' not in page
    response = post(client, "accept", published, reason="Dit kan prima.")
    assert response.status_code == 200
    assert reverse("proposals:assess", args=[published.pk]) in response.content.decode()
    assert "Dit kan prima." in response.content.decode()
    published.refresh_from_db()
    assert published.status == Status.PUBLISHED


def assessment(proposal, **answers):
    return {"version": proposal.version, "technical": "", "legal": "", "estimated_cents": "", **answers}


def test_the_check_is_kept_in_parts(sign_in, wim, published):
    client = sign_in(wim)
    post(client, "assess", published, **assessment(published, technical="yes"))
    published.refresh_from_db()
    post(client, "assess", published, **assessment(published, technical="yes", estimated_cents="€ 1.250,50"))
    published.refresh_from_db()
    assert published.assessment.technical == "yes"
    assert published.assessment.legal == ""
    assert published.estimated_cents == 125_050


@pytest.mark.parametrize(
    "wrong",
    [
        {"technical": "misschien"},
        {"estimated_cents": "-5"},
        {"estimated_cents": "9" * 30},
        {"version": ""},
        {"version": "9" * 30},
        {"land_owner": "x" * 5000},
    ],
)
def test_a_check_with_odd_answers_is_a_form_error(wrong, sign_in, wim, published):
    response = post(sign_in(wim), "assess", published, **{**assessment(published), **wrong})
    assert response.status_code == 200
    assert not published.events.filter(kind="assess").exists()


def test_two_people_at_the_same_check_see_both_texts(sign_in, wim, centrum, published):
    wanda = make_user("Wanda")
    give_role(wanda, Role.NEIGHBOURHOOD_MANAGER, centrum)
    opened_by_both = published.version
    post(sign_in(wanda), "assess", published, **assessment(published, land_owner="De kerk", estimated_cents="100"))
    client = sign_in(wim)
    mine = assessment(published, version=opened_by_both, land_owner="De gemeente", estimated_cents="200")
    response = post(client, "assess", published, **mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Wanda" in page
    assert "De kerk" in page
    assert "De gemeente" in page
    published.refresh_from_db()
    assert published.assessment.land_owner == "De kerk"
    # The page carries the new version: who read both may save.
    response = post(client, "assess", published, **{**mine, "version": response.context["form"]["version"].value()})
    assert response.status_code == 302
    published.refresh_from_db()
    assert published.assessment.land_owner == "De gemeente"
    assert published.estimated_cents == 200_00


def test_a_check_sent_twice_is_no_conflict_with_oneself(sign_in, wim, published):
    client, key = sign_in(wim), uuid.uuid4()
    for _ in range(2):
        assert post(client, "assess", published, key=key, **assessment(published)).status_code == 302
    assert published.events.filter(kind="assess").count() == 1


def test_a_check_can_be_given_to_staff_of_the_wijk_only(sign_in, wim, hans, cora, rob, published):
    client = sign_in(wim)
    page = client.get(reverse("proposals:assign", args=[published.pk])).content.decode()
    assert "Cora" in page
    assert "Hans" not in page
    for outsider in (hans, rob):
        assert post(client, "assign", published, assessor=outsider.pk).status_code == 200
    assert post(client, "assign", published, assessor="9" * 40).status_code == 200
    assert post(client, "assign", published, assessor=cora.pk).status_code == 302
    published.refresh_from_db()
    assert published.assessor == cora
    assert Mail.objects.filter(recipient=cora).count() == 1


def test_who_gets_a_check_for_the_second_time_is_told_again(wim, cora, published):
    for assessor in (cora, wim, cora):
        actions.assign_assessment(published, assessor=assessor, actor=wim, now=NOW)
    assert Mail.objects.filter(recipient=cora).count() == 2


def test_the_community_worker_writes_down_the_check_that_was_given_to_her(sign_in, wim, cora, published):
    client = sign_in(cora)
    assert client.get(reverse("proposals:assess", args=[published.pk])).status_code == 403
    actions.assign_assessment(published, assessor=cora, actor=wim, now=NOW)
    assert post(client, "assess", published, **assessment(published, technical="yes")).status_code == 302
    assert client.get(reverse("proposals:accept", args=[published.pk])).status_code == 403


def test_a_mail_about_an_idea_goes_to_the_managers_when_its_assessor_left(wim, cora, published):
    actions.assign_assessment(published, assessor=cora, actor=wim, now=NOW)
    actions.ask_question(published, reason="Waar?", actor=wim, now=NOW)
    cora.memberships.update(ends_on=NOW.date().replace(year=2025))
    Mail.objects.all().delete()
    actions.answer_question(published, reason="Hier.", actor=published.author, now=NOW)
    assert list(Mail.objects.values_list("recipient__name", flat=True)) == ["Wim"]


# --- Merging ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def other(rob, wim, centrum):
    return make_proposal(rob, centrum, "published", manager=wim, title="Bomen in de Kerkstraat")


def test_merging_leaves_supports_where_they_are_and_tells_both(sign_in, wim, ria, rob, tom, published, other):
    actions.support_proposal(published, actor=tom, now=NOW)
    Mail.objects.all().delete()
    response = post(sign_in(wim), "merge", published, into=other.pk)
    assert response.url == other.get_absolute_url()
    published.refresh_from_db()
    other.refresh_from_db()
    assert (published.status, published.merged_into) == (Status.MERGED, other)
    assert Support.objects.filter(proposal=published).count() == published.support_count == 1
    assert Support.objects.filter(proposal=other).count() == other.support_count == 0
    assert sorted(Mail.objects.values_list("recipient__name", flat=True)) == ["Ria", "Rob"]
    assert other.events.filter(kind="receive").count() == 1


def test_an_idea_that_was_never_public_is_not_named_where_it_went(wim, ria, centrum, other):
    secret = make_proposal(ria, centrum, "submitted", title="Kanarietitel")
    actions.merge_proposals(secret, into=other, reason="Hetzelfde.", actor=wim, now=NOW)
    assert "Kanarietitel" not in str(other.events.get(kind="receive").data)
    assert not Mail.objects.filter(recipient=other.author, body__contains="Kanarietitel").exists()
    assert not Mail.objects.filter(recipient=other.author, body__contains="“”").exists()


def test_the_search_finds_open_ideas_of_the_same_wijk(sign_in, wim, hans, olga, ria, haven, centrum, published, other):
    elsewhere = make_proposal(olga, haven, "published", manager=hans, title="Boom in de Haven")
    rejected = make_proposal(ria, centrum, "infeasible", manager=wim, title="Boom op het dak")
    client = sign_in(wim)
    page = client.get(reverse("proposals:merge", args=[published.pk]), {"q": "boom"})
    assert [idea.pk for idea in page.context["form"].found] == [other.pk]
    page = client.get(reverse("proposals:merge", args=[published.pk]), {"q": "zwembad"})
    assert "Geen open idee gevonden" in page.content.decode()
    for wrong in (elsewhere.pk, rejected.pk, published.pk, "9" * 30, "x", ""):
        assert post(client, "merge", published, into=wrong).status_code == 200, wrong
    published.refresh_from_db()
    assert published.status == Status.PUBLISHED


def test_what_was_chosen_stays_when_the_reason_is_missing(sign_in, wim, published, other):
    response = post(sign_in(wim), "merge", published, into=other.pk, reason="")
    assert response.status_code == 200
    assert f'value="{other.pk}"' in response.content.decode()
    assert "checked" in response.content.decode()


# --- Mail ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "status", "told"),
    [
        ("submit", "draft", ["Joost", "Ria", "Wim"]),
        ("withdraw", "published", ["Joost"]),
        ("answer", "published", ["Wim"]),
        ("publish", "submitted", ["Joost", "Ria"]),
        ("send_back", "submitted", ["Joost", "Ria"]),
        ("ask", "published", ["Joost", "Ria"]),
        ("accept", "published", ["Joost", "Ria"]),
        ("reject", "published", ["Joost", "Ria"]),
        ("reopen", "infeasible", ["Joost", "Ria"]),
        ("note", "published", []),
        ("start", "awarded", ["Joost", "Ria"]),
    ],
)
def test_each_step_puts_one_mail_for_each_person_in_the_outbox(verb, status, told, sign_in, ria, wim, centrum, budget):
    joost = make_user("Joost")
    proposal = make_proposal(ria, centrum, status, manager=wim, budget=budget)
    proposal.co_initiators.create(user=joost, at=NOW)
    Proposal.objects.filter(pk=proposal.pk).update(estimated_cents=100)
    if verb == "answer":
        Proposal.objects.filter(pk=proposal.pk).update(asked_at=NOW)
    if verb == "start":
        actions.plan_milestone(proposal, title="Besteld", promised_on=NOW.date(), actor=wim, now=NOW)
    Mail.objects.all().delete()
    assert post(sign_in(ria if verb in BY_AUTHOR else wim), verb, proposal).status_code == 302
    mails = list(Mail.objects.order_by("recipient__name").values_list("recipient__name", flat=True))
    assert mails == told


def test_a_step_that_is_rolled_back_leaves_no_mail_and_no_event(monkeypatch, sign_in, wim, published):
    count = Mail.objects.count()
    real = actions.queue_mail

    def queue_and_fall(*args, **kwargs):
        real(*args, **kwargs)
        raise RuntimeError("the power goes off after the mail was queued")

    monkeypatch.setattr(actions, "queue_mail", queue_and_fall)
    with pytest.raises(RuntimeError):
        post(sign_in(wim), "ask", published)
    assert Mail.objects.count() == count
    assert not published.events.filter(kind="ask").exists()
    monkeypatch.setattr(actions, "queue_mail", real)
    post(sign_in(wim), "ask", published)
    assert Mail.objects.count() == count + 1


# --- Reactions: one judge at a time ----------------------------------------------------------------------------------


def test_a_hidden_reaction_no_longer_counts_and_is_hidden_once(wim, rob, ria, published):
    comment = actions.add_comment(published, text="Onzin", actor=rob, now=NOW)
    actions.report_comment(comment, reason="Niet aardig", actor=ria, now=NOW)
    actions.report_comment(comment, reason="Niet aardig", actor=ria, now=NOW)
    assert published.events.filter(kind="report_comment").count() == 1
    actions.hide_comment(comment, reason="Wees aardig.", actor=wim, now=NOW)
    with pytest.raises(actions.ValidationError):
        actions.hide_comment(comment, reason="Nog eens.", actor=wim, now=NOW)
    published.refresh_from_db()
    comment.refresh_from_db()
    assert (published.comment_count, comment.hidden_reason) == (0, "Wees aardig.")
    with pytest.raises(actions.ValidationError):
        actions.add_comment(published, text="Waarom?", parent=comment, actor=ria, now=NOW)


def test_nobody_keeps_their_own_reported_reaction(wim, ria, published):
    comment = actions.add_comment(published, text="Zo is het", actor=wim, now=NOW)
    actions.report_comment(comment, reason="Niet aardig", actor=ria, now=NOW)
    with pytest.raises(actions.ValidationError):
        actions.keep_comment(comment, actor=wim, now=NOW)
    assert comment.reports.open().exists()


def test_joining_and_leaving_twice_leave_one_event_each(rob, published):
    for _ in range(2):
        actions.join_proposal(published, actor=rob, now=NOW)
    for _ in range(2):
        actions.leave_proposal(published, actor=rob, now=NOW)
    kinds = published.events.filter(kind__in=["join", "leave"]).values_list("kind", flat=True)
    assert list(kinds) == ["join", "leave"]
    assert not any("Rob" in str(event.data) for event in published.events.all())
