"""Writing an idea: drafts, sending in, doing it together; nothing typed is lost and nothing happens twice."""

import datetime

import pytest
from django.core.cache import caches
from django.test import Client

from accounts.models import Mail
from neighbourhoods.models import Round
from proposals import actions
from proposals.models import CoInitiator, Invitation, Photo, Proposal
from tests.factories import NOW, make_proposal, make_theme, new_key

NEW = "/ideeen/nieuw/"


@pytest.fixture
def typed(centrum, theme):
    """What Ria types; `typed(title="…")` changes a field."""

    def _typed(**changes):
        return {
            "key": str(new_key()),
            "neighbourhood": centrum.pk,
            "theme": theme.pk,
            "title": "Een bankje bij de vijver",
            "what": "Dan kunnen mensen even zitten.",
            "why": "",
            "place": "Amstellaan",
            "requested_cents": "1.250,50",
            "emails": "",
            "then": "draft",
            **changes,
        }

    return _typed


# --- A new idea ------------------------------------------------------------------------------------------------------


def test_ria_keeps_a_draft(sign_in, ria, typed):
    response = sign_in(ria).post(NEW, typed(), follow=True)
    draft = Proposal.objects.get()
    assert (draft.status, draft.author, draft.requested_cents) == ("draft", ria, 125_050)
    assert response.redirect_chain[-1][0] == draft.get_absolute_url()
    assert "Uw concept is bewaard" in response.content.decode()


def test_ria_sends_her_idea_in_at_once(sign_in, ria, typed):
    response = sign_in(ria).post(NEW, typed(then="submit"), follow=True)
    assert Proposal.objects.get().status == "submitted"
    assert "Uw idee is ingestuurd" in response.content.decode()


@pytest.mark.parametrize("then", ["draft", "submit"])
def test_the_same_form_sent_twice_is_one_idea(then, sign_in, ria, typed):
    client, data = sign_in(ria), typed(then=then, emails="rob@example.org")
    responses = [client.post(NEW, data) for _ in range(2)]
    assert Proposal.objects.count() == 1
    assert responses[0].url == responses[1].url
    assert Invitation.objects.count() == 1


def test_the_wijk_where_she_lives_is_chosen_already(sign_in, ria, centrum):
    assert sign_in(ria).get(NEW).context["form"]["neighbourhood"].value() == centrum.pk


@pytest.mark.parametrize("name", ["wijk", "neighbourhood"])
def test_the_address_can_name_another_wijk(name, sign_in, ria, haven):
    assert sign_in(ria).get(NEW, {name: "haven"}).context["form"]["neighbourhood"].value() == haven.pk
    assert sign_in(ria).get(NEW, {name: "nergens" * 100}).status_code == 200


def test_only_themes_in_use_can_be_chosen(sign_in, ria, typed):
    old = make_theme("Oud")
    old.is_active = False
    old.save()
    client = sign_in(ria)
    assert "Oud" not in client.get(NEW).content.decode()
    assert client.post(NEW, typed(theme=old.pk)).status_code == 200
    assert not Proposal.objects.exists()


def test_a_mistake_loses_nothing(sign_in, ria, typed):
    data = typed(title="", what="Een lang verhaal", requested_cents="veel", emails="geen adres\nrob@example.org")
    response = sign_in(ria).post(NEW, data)
    page = response.content.decode()
    assert "<title>Fout: " in page
    for text in ("Een lang verhaal", "veel", "geen adres\nrob@example.org", "Amstellaan", data["key"]):
        assert text in page
    assert "Dit zijn geen e-mailadressen: geen, adres." in page
    assert "Geef uw idee een naam." in page
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"title": "x" * 5000},
        {"title": "a\0b"},
        {"what": "x" * 5000},
        {"what": ""},
        {"neighbourhood": "9" * 30},
        {"neighbourhood": "x"},
        {"theme": "-1"},
        {"requested_cents": "9" * 5000},
        {"requested_cents": "-5"},
        {"requested_cents": "NaN"},
        {"key": "geen sleutel"},
        {"key": ""},
        {"emails": "x" * 7000},
        {"emails": " ".join(f"p{n}@example.org" for n in range(21))},
        {"emails": "a\0b@example.org"},
    ],
)
def test_odd_input_is_a_form_error(odd, sign_in, ria, typed):
    client = sign_in(ria)
    assert client.post(NEW, typed(**odd)).status_code == 200
    assert not Proposal.objects.exists()
    # The same form without the odd value is fine.
    assert client.post(NEW, typed()).status_code == 302


def test_fields_that_are_not_on_the_form_are_ignored(sign_in, ria, wim, typed):
    extra = {"status": "feasible", "author": wim.pk, "support_count": 99, "published_at": "2026-01-01", "version": 7}
    sign_in(ria).post(NEW, typed(**extra))
    draft = Proposal.objects.get()
    assert (draft.status, draft.author, draft.support_count, draft.published_at, draft.version) == (
        "draft",
        ria,
        0,
        None,
        0,
    )


def test_a_visitor_signs_in_first(client, typed):
    assert client.get(NEW).url == f"/account/login/?next={NEW}"
    assert client.post(NEW, typed()).status_code == 302
    assert not Proposal.objects.exists()


def test_without_the_token_of_the_form_nothing_is_kept(ria, typed):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ria)
    assert client.post(NEW, typed()).status_code == 403
    assert not Proposal.objects.exists()


# --- Changing it -----------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(ria, centrum):
    return make_proposal(ria, centrum, title="Een bankje", what="Om te zitten.")


def edit_url(proposal):
    return f"{proposal.get_absolute_url()}wijzigen/"


def test_ria_changes_her_draft(sign_in, ria, draft, typed):
    sign_in(ria).post(edit_url(draft), typed(title="Twee bankjes", version=0))
    draft.refresh_from_db()
    assert (draft.title, draft.version, draft.status) == ("Twee bankjes", 1, "draft")


def test_what_was_sent_back_is_changed_and_sent_in_again(sign_in, ria, wim, centrum, typed):
    proposal = make_proposal(ria, centrum, "returned", manager=wim)
    client = sign_in(ria)
    assert "Vertel meer." in client.get(edit_url(proposal)).content.decode()
    client.post(edit_url(proposal), typed(version=proposal.version, then="submit"))
    proposal.refresh_from_db()
    assert proposal.status == "submitted"


@pytest.mark.parametrize("then", ["draft", "submit"])
def test_a_change_sent_twice_is_one_change_and_no_conflict(then, sign_in, ria, draft, typed):
    data = typed(title="Twee bankjes", version=draft.version, then=then)
    responses = [sign_in(ria).post(edit_url(draft), data, follow=True) for _ in range(2)]
    said = [[str(message) for message in response.context["messages"]] for response in responses]
    assert said[0] == said[1]
    assert draft.events.filter(kind="edit").count() == 1
    assert Mail.objects.filter(to=ria.email).count() == (then == "submit")


def test_both_presses_at_once_are_one_change(ria, draft, typed):
    key = new_key()
    actions.edit_proposal(draft, version=draft.version, key=key, title="Twee bankjes", actor=ria, now=NOW)
    with pytest.raises(actions.AlreadyDone):
        actions.edit_proposal(draft, version=draft.version, key=key, title="Twee bankjes", actor=ria, now=NOW)


def test_an_idea_that_moves_to_another_wijk_leaves_the_round_of_the_first(ria, wim, hans, centrum, haven):
    week = datetime.timedelta(days=7)
    dates = {"ideas_from": NOW - week, "ideas_until": NOW + week, "check_until": NOW + 2 * week}
    round_ = Round.objects.create(name="Ronde van Centrum", choose_until=NOW + 3 * week, **dates)
    round_.neighbourhoods.set([centrum])
    idea = make_proposal(ria, centrum, "returned", manager=wim)
    later = NOW + 2 * week
    stays = actions.submit_proposal(idea, actor=ria, now=later)
    assert stays.round == round_
    idea = actions.send_back_proposal(stays, reason="Dit is in Haven.", actor=wim, now=later)
    idea = actions.edit_proposal(idea, version=idea.version, neighbourhood=haven, actor=ria, now=later)
    assert actions.submit_proposal(idea, actor=ria, now=later).round is None


def test_who_read_an_older_text_gets_both_and_can_go_on(sign_in, ria, rob, draft, typed):
    actions.invite(draft, emails=[rob.email], actor=ria, now=NOW)
    actions.join_proposal(draft, actor=rob, now=NOW)
    client = sign_in(rob)
    old = client.get(edit_url(draft)).context["form"]["version"].value()
    actions.edit_proposal(draft, version=old, title="Van Ria", actor=ria, now=NOW)
    response = client.post(edit_url(draft), typed(title="Van Rob", version=old))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Van Ria" in page
    assert "Van Rob" in page
    draft.refresh_from_db()
    assert draft.title == "Van Ria"
    newest = response.context["form"]["version"].value()
    client.post(edit_url(draft), typed(title="Van Rob en Ria", version=newest))
    draft.refresh_from_db()
    assert draft.title == "Van Rob en Ria"


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 30])
def test_an_odd_version_changes_nothing(version, sign_in, ria, draft, typed):
    actions.edit_proposal(draft, version=0, title="Van Ria", actor=ria, now=NOW)
    assert sign_in(ria).post(edit_url(draft), typed(version=version)).status_code in {200, 409}
    draft.refresh_from_db()
    assert draft.title == "Van Ria"


@pytest.mark.parametrize("who", ["rob", "olga", "wim", "cora", "carla", "bea"])
def test_someone_elses_draft_is_not_there(who, request, sign_in, ria, draft, typed):
    client = sign_in(request.getfixturevalue(who))
    for tail in ("wijzigen/", "uitnodigen/", "meedoen/", "niet-meer-meedoen/"):
        assert client.get(draft.get_absolute_url() + tail).status_code == 404
        assert client.post(draft.get_absolute_url() + tail, typed(version=0)).status_code == 404
    assert sign_in(ria).get(edit_url(draft)).status_code == 200


def test_a_published_idea_is_not_changed_by_others_nor_any_more_by_its_writer(sign_in, ria, rob, published, typed):
    assert sign_in(rob).get(edit_url(published)).status_code == 403
    response = sign_in(ria).post(edit_url(published), typed(title="Anders", version=published.version), follow=True)
    assert "Wij kijken of het kan" in response.content.decode()
    published.refresh_from_db()
    assert published.title != "Anders"


# --- Together --------------------------------------------------------------------------------------------------------


def test_ria_invites_rob_who_gets_one_mail_and_joins(sign_in, ria, rob, draft):
    client = sign_in(ria)
    for _ in range(2):
        client.post(f"{draft.get_absolute_url()}uitnodigen/", {"emails": rob.email.upper()})
    assert Mail.objects.filter(to=rob.email).count() == 1
    assert rob.email in client.get(f"{draft.get_absolute_url()}uitnodigen/").content.decode()
    client = sign_in(rob)
    # The link of the mail may be opened before the button is pressed: that alone changes nothing.
    assert client.get(f"{draft.get_absolute_url()}meedoen/").url == draft.get_absolute_url()
    assert not CoInitiator.objects.exists()
    client.post(f"{draft.get_absolute_url()}meedoen/")
    assert CoInitiator.objects.get().user == rob
    assert client.get(edit_url(draft)).status_code == 200


def test_who_was_invited_and_has_no_session_signs_in_and_comes_back(client, ria, rob, draft):
    url = f"{draft.get_absolute_url()}meedoen/"
    assert client.get(url).url == f"/account/login/?next={url}"


def test_only_the_writer_invites(sign_in, ria, rob, published):
    actions.join_proposal(published, actor=rob, now=NOW)
    url = f"{published.get_absolute_url()}uitnodigen/"
    assert sign_in(rob).get(url).status_code == 403
    assert sign_in(ria).get(url).status_code == 200


def test_rob_stops_joining_in(sign_in, ria, rob, published, draft):
    actions.join_proposal(published, actor=rob, now=NOW)
    client = sign_in(rob)
    url = f"{published.get_absolute_url()}niet-meer-meedoen/"
    client.get(url)
    assert CoInitiator.objects.exists()
    assert client.post(url).url == published.get_absolute_url()
    assert not CoInitiator.objects.exists()


def test_who_leaves_a_draft_no_longer_sees_it(sign_in, ria, rob, draft):
    actions.invite(draft, emails=[rob.email], actor=ria, now=NOW)
    actions.join_proposal(draft, actor=rob, now=NOW)
    client = sign_in(rob)
    response = client.post(f"{draft.get_absolute_url()}niet-meer-meedoen/")
    assert response.url == "/mijn/"
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_the_writer_can_not_leave(sign_in, ria, published):
    assert sign_in(ria).post(f"{published.get_absolute_url()}niet-meer-meedoen/").status_code == 403


# --- Mijn pagina, the page of the wijk -------------------------------------------------------------------------------


def test_my_page_says_what_is_asked(client, ria, rob, wim, centrum, published):
    make_proposal(ria, centrum, title="Mijn concept")
    make_proposal(ria, centrum, "returned", manager=wim, title="Mijn teruggestuurde")
    actions.ask_question(published, reason="Met of zonder leuning?", actor=wim, now=NOW)
    client.force_login(ria)
    page = client.get("/mijn/").content.decode()
    for text in ("Mijn concept", "Schrijf verder", "Mijn teruggestuurde", "Vertel meer.", "Met of zonder leuning?"):
        assert text in page
    invited = make_proposal(rob, centrum, title="Het idee van Rob")
    actions.invite(invited, emails=[ria.email], actor=rob, now=NOW)
    assert "Rob vraagt of u meedoet" in client.get("/mijn/").content.decode()
    actions.join_proposal(invited, actor=ria, now=NOW)
    page = client.get("/mijn/").content.decode()
    assert "Rob vraagt of u meedoet" not in page
    assert "u doet mee" in page


def test_my_page_shows_nothing_of_others(client, ria, rob, centrum):
    make_proposal(ria, centrum, title="Kanarie")
    client.force_login(rob)
    assert "Kanarie" not in client.get("/mijn/").content.decode()


def test_the_page_of_the_wijk_counts_only_what_is_published(client, ria, wim, hans, centrum, haven):
    make_proposal(ria, centrum, title="Kanarie")
    make_proposal(ria, haven, "published", manager=hans, title="In de haven")
    make_proposal(ria, centrum, "feasible", manager=wim, title="Zichtbaar")
    page = client.get("/wijken/centrum/").content.decode()
    assert "Zichtbaar" in page
    assert "Kanarie" not in page
    assert "In de haven" not in page
    assert "/ideeen/?wijk=centrum&amp;status=feasible" in page
    assert "status=draft" not in page
    caches["pages"].clear()


def test_a_draft_with_photos_has_none_to_begin_with(draft):
    assert not Photo.objects.filter(proposal=draft).exists()


def test_the_same_form_with_other_words_is_another_draft(client, ria, centrum, theme):
    client.force_login(ria)
    form = {
        "neighbourhood": centrum.pk,
        "theme": theme.pk,
        "what": "Een bank.",
        "key": "5f0c1a52-6a3c-4c53-9f0d-0d9a3a1c9d11",
    }
    for title in ("Een bank", "Een bank", "Een grote bank"):
        client.post("/ideeen/nieuw/", {**form, "title": title})
    assert list(Proposal.objects.order_by("id").values_list("title", flat=True)) == ["Een bank", "Een grote bank"]
