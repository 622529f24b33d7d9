"""Support and reactions: who may, what happens, and what a double press or a late one does."""

import pytest
from django.test import Client

from neighbourhoods.models import Role
from proposals import actions
from proposals.models import Comment, CommentReport, ProposalEvent, Support
from tests.factories import NOW, give_role, make_proposal, new_key


def url(proposal, tail=""):
    return f"/ideeen/{proposal.pk}/{tail}"


# --- Support ---------------------------------------------------------------------------------------------------------


def test_rob_supports_an_idea_and_takes_it_back(sign_in, rob, published):
    client = sign_in(rob)
    response = client.post(url(published, "steunen/"), follow=True)
    assert "U steunt dit idee" in response.content.decode()
    assert Support.objects.filter(proposal=published, user=rob).count() == 1
    client.post(url(published, "steun-intrekken/"))
    assert not Support.objects.exists()
    published.refresh_from_db()
    assert published.support_count == 0


def test_pressing_twice_counts_once(sign_in, rob, published):
    client = sign_in(rob)
    client.post(url(published, "steunen/"))
    client.post(url(published, "steunen/"))
    published.refresh_from_db()
    assert published.support_count == 1
    assert ProposalEvent.objects.filter(proposal=published, kind="support").count() == 1


def test_a_visitor_is_asked_to_sign_in_and_gets_no_form(client, published):
    page = client.get(url(published)).content.decode()
    assert f"/account/login/?next={url(published)}" in page
    assert "<form" not in page.split("<main", 1)[1]
    response = client.post(url(published, "steunen/"))
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")
    assert not Support.objects.exists()


def test_support_for_an_idea_that_moved_on_is_refused_with_its_status(sign_in, rob, ria, wim, centrum):
    proposal = make_proposal(ria, centrum, "infeasible", manager=wim)
    response = sign_in(rob).post(url(proposal, "steunen/"), follow=True)
    assert "Kan niet" in response.content.decode()
    assert not Support.objects.exists()


def test_support_is_never_called_a_vote(sign_in, rob, published):
    page = sign_in(rob).get(url(published)).content.decode()
    assert "Het is geen stem." in page
    assert "stemmen" not in page


@pytest.mark.parametrize("tail", ["steunen/", "steun-intrekken/"])
def test_opening_the_address_of_a_button_changes_nothing(tail, sign_in, rob, published):
    response = sign_in(rob).get(url(published, tail))
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert url(published) in response.content.decode()
    assert not Support.objects.exists()


@pytest.mark.parametrize("tail", ["steunen/", "steun-intrekken/", "reageren/", "meedoen/", "niet-meer-meedoen/"])
def test_without_the_token_of_the_form_nothing_is_accepted(tail, rob, published):
    client = Client(enforce_csrf_checks=True)
    client.force_login(rob)
    assert client.post(url(published, tail), {"text": "x", "key": new_key()}).status_code == 403


@pytest.mark.parametrize("tail", ["steunen/", "steun-intrekken/", "reageren/", "meedoen/"])
def test_an_idea_one_does_not_see_is_not_there(tail, sign_in, rob, ria, centrum):
    draft = make_proposal(ria, centrum)
    assert sign_in(rob).post(url(draft, tail)).status_code == 404


# --- Reactions -------------------------------------------------------------------------------------------------------


@pytest.fixture
def reaction(published, rob):
    return actions.add_comment(published, text="Mooi plan", actor=rob, now=NOW)


def test_rob_reacts_and_ria_replies(sign_in, rob, ria, published):
    response = sign_in(rob).post(url(published, "reageren/"), {"text": "Mooi plan!", "key": new_key()}, follow=True)
    assert "Mooi plan!" in response.content.decode()
    first = Comment.objects.get()
    client = sign_in(ria)
    assert "Mooi plan!" in client.get(url(published, f"reageren/?op={first.pk}")).content.decode()
    client.post(url(published, f"reageren/?op={first.pk}"), {"text": "Dank u", "key": new_key()})
    assert first.replies.get().text == "Dank u"
    page = client.get(url(published)).content.decode()
    assert "bedacht dit idee" in page


def test_a_reply_to_a_reply_is_not_there(sign_in, ria, published, reaction):
    reply = actions.add_comment(published, text="Ja", parent=reaction, actor=ria, now=NOW)
    assert sign_in(ria).get(url(published, f"reageren/?op={reply.pk}")).status_code == 404


@pytest.mark.parametrize("op", ["x", "0", "-1", "9" * 30, "1.5", "²"])
def test_an_odd_reaction_number_is_404(op, sign_in, ria, published):
    assert sign_in(ria).get(url(published, "reageren/"), {"op": op}).status_code == 404


def test_the_same_reaction_sent_twice_stands_there_once(sign_in, rob, published):
    client, data = sign_in(rob), {"text": "Mooi plan", "key": new_key()}
    for _ in range(2):
        assert client.post(url(published, "reageren/"), data).status_code == 302
    assert Comment.objects.count() == 1


def test_an_empty_or_long_reaction_comes_back_as_it_was(sign_in, rob, published):
    client = sign_in(rob)
    page = client.post(url(published, "reageren/"), {"text": " ", "key": new_key()}).content.decode()
    assert "<title>Fout: " in page
    long = "abc " * 600
    page = client.post(url(published, "reageren/"), {"text": long, "key": new_key()}).content.decode()
    assert long.strip() in page
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "data", [{"text": "a\0b", "key": "{key}"}, {"text": "goed", "key": "geen sleutel"}, {"text": "goed"}]
)
def test_odd_input_is_a_form_error(data, sign_in, rob, published):
    data = {name: value.format(key=new_key()) for name, value in data.items()}
    assert sign_in(rob).post(url(published, "reageren/"), data).status_code == 200
    assert not Comment.objects.exists()


def test_lines_are_counted_as_the_browser_counts_them(sign_in, rob, published):
    text = "\r\n".join(["a" * 99] * 20)  # 1999 as typed, 2018 as sent
    assert sign_in(rob).post(url(published, "reageren/"), {"text": text, "key": new_key()}).status_code == 302


def test_markup_in_a_reaction_is_only_text_and_a_link_is_not_recommended(client, published, rob):
    text = '<img src=x onerror=alert(1)> https://voorbeeld.example/"><script>'
    actions.add_comment(published, text=text, actor=rob, now=NOW)
    page = client.get(url(published)).content.decode()
    assert "<img src=x" not in page
    assert "<script>" not in page
    assert 'rel="nofollow"' in page


# --- Reporting and judging -------------------------------------------------------------------------------------------


def test_ria_reports_a_reaction_and_wim_hides_it(sign_in, ria, rob, wim, published, reaction):
    response = sign_in(ria).post(f"/reacties/{reaction.pk}/melden/", {"reason": "Niet aardig"}, follow=True)
    assert "De wijkmanager kijkt" in response.content.decode()
    client = sign_in(wim)
    page = client.get("/werklijst/reacties/").content.decode()
    assert "Mooi plan" in page
    assert "Niet aardig" in page
    client.post(f"/reacties/{reaction.pk}/verbergen/", {"reason": "Er staat een naam in."})
    page = client.get(url(published)).content.decode()
    assert "Deze reactie is verborgen: Er staat een naam in." in page
    assert "Mooi plan" not in page
    assert "Mooi plan" not in client.get("/werklijst/reacties/").content.decode()


def test_wim_leaves_a_reported_reaction(sign_in, ria, wim, published, reaction):
    actions.report_comment(reaction, reason="Niet aardig", actor=ria, now=NOW)
    client = sign_in(wim)
    assert client.get(f"/reacties/{reaction.pk}/laten-staan/").status_code == 405
    client.post(f"/reacties/{reaction.pk}/laten-staan/")
    assert not CommentReport.objects.open().exists()
    assert "Mooi plan" in client.get(url(published)).content.decode()


def test_reporting_twice_is_one_report(sign_in, ria, reaction):
    client = sign_in(ria)
    for _ in range(2):
        client.post(f"/reacties/{reaction.pk}/melden/", {"reason": "Niet aardig"})
    assert CommentReport.objects.count() == 1


@pytest.mark.parametrize("who", ["ria", "rob", "hans", "carla", "cora", "bea"])
def test_only_the_manager_of_the_wijk_judges(who, request, sign_in, ria, wim, reaction):
    actions.report_comment(reaction, reason="Niet aardig", actor=ria, now=NOW)
    client = sign_in(request.getfixturevalue(who))
    assert client.get(f"/reacties/{reaction.pk}/verbergen/").status_code == 403
    assert client.post(f"/reacties/{reaction.pk}/verbergen/", {"reason": "x"}).status_code == 403
    assert client.post(f"/reacties/{reaction.pk}/laten-staan/").status_code == 403
    reaction.refresh_from_db()
    assert not reaction.is_hidden
    # The same set-up lets Wim do it.
    assert sign_in(wim).get(f"/reacties/{reaction.pk}/verbergen/").status_code == 200


def test_hans_of_the_other_wijk_has_an_empty_list(sign_in, ria, hans, reaction):
    actions.report_comment(reaction, reason="Niet aardig", actor=ria, now=NOW)
    page = sign_in(hans).get("/werklijst/reacties/").content.decode()
    assert "Mooi plan" not in page
    assert "Er is niets gemeld" in page


def test_a_resident_has_no_list_of_reports(sign_in, ria):
    assert sign_in(ria).get("/werklijst/reacties/").status_code == 403


def test_nobody_hides_their_own_reaction(sign_in, ria, wim, published):
    own = actions.add_comment(published, text="Van mij", actor=wim, now=NOW)
    actions.report_comment(own, reason="Niet aardig", actor=ria, now=NOW)
    client = sign_in(wim)
    assert "Een collega beslist" in client.get("/werklijst/reacties/").content.decode()
    page = client.post(f"/reacties/{own.pk}/verbergen/", {"reason": "Toch maar"}).content.decode()
    assert "U kunt niet beslissen" in page
    own.refresh_from_db()
    assert not own.is_hidden


def test_a_reaction_to_a_withdrawn_idea_can_still_be_hidden(sign_in, ria, wim, published, reaction):
    actions.withdraw_proposal(published, reason="Toch niet", actor=ria, now=NOW)
    sign_in(wim).post(f"/reacties/{reaction.pk}/verbergen/", {"reason": "Er staat een naam in."})
    reaction.refresh_from_db()
    assert reaction.is_hidden


def test_a_manager_of_two_wijken_sees_both(sign_in, ria, wim, hans, haven, reaction, django_assert_max_num_queries):
    give_role(wim, Role.NEIGHBOURHOOD_MANAGER, haven)
    other = make_proposal(ria, haven, "published", manager=hans)
    second = actions.add_comment(other, text="In de haven", actor=hans, now=NOW)
    for comment in (reaction, second):
        actions.report_comment(comment, reason="Niet aardig", actor=ria, now=NOW)
    client = sign_in(wim)
    with django_assert_max_num_queries(9):
        page = client.get("/werklijst/reacties/").content.decode()
    assert "Mooi plan" in page
    assert "In de haven" in page
