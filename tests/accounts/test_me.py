"""My page, my details, my data; and the pages of the demo."""

import datetime
import json

import pytest
from django.core.checks import Error
from django.core.mail import EmailMessage
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.mail import DemoBackend, queue_mail
from accounts.models import Mail, User
from neighbourhoods.models import Role
from proposals import actions
from tests.factories import give_role, make_proposal, make_user
from wijkportaal.checks import check_demo

DEMO = override_settings(DEMO=True, EMAIL_BACKEND="accounts.mail.DemoBackend")


# --- My page and details ----------------------------------------------------------------------------------------------


def test_my_page_greets_me_and_shows_my_details(sign_in, ria):
    page = sign_in(ria).get("/mijn/").content.decode()
    assert "Dag Ria" in page
    assert ria.email in page
    assert "/account/password/set/" in page
    assert "/account/email/" in page


def test_who_has_a_password_can_change_it_there(sign_in, ria):
    ria.set_password("een lange zin over fietsen")
    ria.save()
    assert "/account/password/change/" in sign_in(ria).get("/mijn/").content.decode()


@pytest.mark.parametrize("path", ["/mijn/", "/mijn/gegevens/", "/mijn/gegevens/download/"])
def test_strangers_log_in_first(client, town, path):
    assert client.get(path).url == f"/account/login/?next={path}"


@pytest.mark.parametrize("path", ["/mijn/", "/mijn/gegevens/", "/mijn/gegevens/download/"])
def test_what_is_mine_is_kept_by_nobody(sign_in, ria, path):
    assert "no-store" in sign_in(ria).get(path)["Cache-Control"]


def test_changing_my_name_and_language(sign_in, ria):
    response = sign_in(ria).post("/mijn/gegevens/", {"name": "Ria Jansen", "language": "en"})
    assert response.url == "/mijn/"
    ria.refresh_from_db()
    assert (ria.name, ria.language) == ("Ria Jansen", "en")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "language": "nl"},
        {"name": "Ria\r\nBcc: x@example.org", "language": "nl"},
        {"name": "r" * 81, "language": "nl"},
        {"name": "Ria\x00", "language": "nl"},
        {"name": "Ria", "language": "fy"},
        {"name": "Ria"},
    ],
)
def test_wrong_details_change_nothing_and_stay_on_the_page(sign_in, ria, fields):
    response = sign_in(ria).post("/mijn/gegevens/", fields)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert "<title>Fout: " in response.content.decode()
    assert User.objects.get(pk=ria.pk).name == "Ria"
    assert response.context["request"].user.name == "Ria", "the rest of the page doesn't believe it either"


def test_only_name_and_language_can_be_changed_there(sign_in, ria):
    browser = sign_in(ria)
    before = User.objects.values().get(pk=ria.pk)
    everything = {field.name: "1" for field in User._meta.fields} | {"name": "Ria", "language": "nl"}
    browser.post("/mijn/gegevens/", everything)
    after = User.objects.values().get(pk=ria.pk)
    assert {key: value for key, value in after.items() if before[key] != value} == {}


def test_a_manager_sees_what_waits_there_and_who_checks_an_idea_sees_that(
    sign_in, wim, hans, cora, ria, published, now
):
    actions.assign_assessment(published, assessor=cora, actor=wim, now=now)
    assert "1 idee wacht op u" in sign_in(wim).get("/mijn/").content.decode()
    assert "Er wacht nu geen idee op u" in sign_in(hans).get("/mijn/").content.decode(), "another wijk"
    page = sign_in(cora).get("/mijn/").content.decode()
    assert "Uw werk" in page
    assert published.title in page
    assert "Uw werk" not in sign_in(ria).get("/mijn/").content.decode()


# --- My data ----------------------------------------------------------------------------------------------------------


def test_my_data_is_all_about_me_and_nothing_of_others(sign_in, ria, rob, published, now):
    actions.add_comment(published, text="Kan het ook groen?", actor=ria, now=now)
    actions.add_comment(published, text="Geheim van Rob", actor=rob, now=now)
    actions.support_proposal(published, actor=ria, now=now)
    response = sign_in(ria).get("/mijn/gegevens/download/")
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    data = json.loads(response.content)
    assert data["account"]["email"] == ria.email
    assert [row["title"] for row in data["ideas"]] == [published.title]
    assert [row["text"] for row in data["comments"]] == ["Kan het ook groen?"]
    assert len(data["supports"]) == 1
    assert data["roles"][0]["neighbourhood__name"] == "Centrum"
    assert {row["kind"] for row in data["steps"]} >= {"create", "submit", "comment", "support"}
    assert rob.email not in response.content.decode()
    others = json.loads(sign_in(rob).get("/mijn/gegevens/download/").content)
    assert others["ideas"] == []


def test_my_data_takes_the_same_number_of_questions_however_much_it_is(
    sign_in, ria, centrum, django_assert_max_num_queries
):
    browser = sign_in(ria)
    for _ in range(3):
        make_proposal(ria, centrum, "submitted")
    with django_assert_max_num_queries(16):
        browser.get("/mijn/gegevens/download/")


# --- The demo ---------------------------------------------------------------------------------------------------------

DEMO_PAGES = ["/demo/", "/demo/post/", "/demo/post/1/"]


@pytest.mark.parametrize("path", DEMO_PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_outside_the_demo_its_pages_do_not_exist(client, ria, path, method):
    User.objects.update(is_demo=True)
    Mail.objects.create(
        pk=1,
        to="x@example.org",
        about="x",
        subject="x",
        body="x",
        created_at="2026-10-01T12:00Z",
        not_before="2026-10-01T12:00Z",
    )
    response = getattr(client, method)(path, {"person": ria.pk})
    assert response.status_code in {404, 405}
    assert "_auth_user_id" not in client.session
    client.force_login(ria)
    assert getattr(client, method)(path).status_code in {404, 405}


@pytest.fixture
def diana(town, centrum):
    """Wijkmanager of the demo; she also lives in the wijk."""
    person = make_user("Diana", is_demo=True)
    give_role(person, Role.RESIDENT, centrum)
    give_role(person, Role.NEIGHBOURHOOD_MANAGER, centrum)
    give_role(person, Role.MUNICIPAL_ADMIN, ends_on=datetime.date(2021, 1, 1))
    return person


@DEMO
def test_choosing_who_you_are(client, diana, ria):
    page = client.get("/demo/").content.decode()
    assert "Kies wie u bent" in page
    assert "Diana" in page
    assert "Word Ria" not in page, "real accounts are not on offer"
    assert "werklijst" in page
    assert "Regelt wijken" not in page, "that role has ended"
    response = client.post("/demo/", {"person": diana.pk})
    assert response.url == "/mijn/"
    assert client.session["_auth_user_id"] == str(diana.pk)


@DEMO
def test_a_get_signs_nobody_in(client, diana):
    client.get("/demo/", {"person": diana.pk})
    assert "_auth_user_id" not in client.session


@DEMO
@pytest.mark.parametrize("person", ["", "x", "0", "99999999999999999999", "\x00", "-1"])
def test_nobody_is_nobody(client, diana, person):
    assert client.post("/demo/", {"person": person}).status_code == 404
    assert "_auth_user_id" not in client.session


@DEMO
def test_real_people_can_not_be_taken_over(client, diana, ria):
    assert client.post("/demo/", {"person": ria.pk}).status_code == 404


@DEMO
@pytest.mark.parametrize(
    ("target", "lands"), [("/ideeen/", "/ideeen/"), ("//kwaad.example", "/mijn/"), ("https://kwaad.example", "/mijn/")]
)
def test_after_choosing_one_comes_where_one_was(client, diana, target, lands):
    assert client.post("/demo/", {"person": diana.pk, "next": target}).url == lands


@DEMO
def test_changing_person_starts_a_new_session(client, diana, ria):
    client.force_login(ria)
    client.session["left"] = "behind"
    before = client.session.session_key
    client.post("/demo/", {"person": diana.pk})
    assert client.session.session_key != before
    assert "left" not in client.session


@DEMO
def test_an_empty_demo_says_what_to_do(client, town):
    assert "load_demo" in client.get("/demo/").content.decode()
    assert "Nog geen mail" in client.get("/demo/post/").content.decode()


@DEMO
def test_the_number_of_questions_does_not_grow_with_the_people(client, centrum):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/demo/")
        return len(queries)

    give_role(make_user("Een", is_demo=True), Role.RESIDENT, centrum)
    count()
    few = count()
    for number in range(10):
        give_role(make_user(f"P{number}", is_demo=True), Role.RESIDENT, centrum)
    assert count() == few


@DEMO
def test_the_mail_of_the_portal_can_be_read(client, diana, published):
    Mail.objects.all().delete()
    queue_mail("invitation", [diana], about="x", now=published.created_at, proposal=published)
    listed = client.get("/demo/post/").content.decode()
    mail = Mail.objects.get()
    assert mail.subject in listed
    assert "wacht op verzending" in listed
    page = client.get(f"/demo/post/{mail.pk}/").content.decode()
    assert f'href="http://testserver/ideeen/{published.pk}/meedoen/"' in page
    assert client.get("/demo/post/", {"to": diana.email}).context["page_obj"].paginator.count == 1
    assert client.get("/demo/post/", {"to": "x@example.org"}).context["page_obj"].paginator.count == 0


@DEMO
def test_a_code_can_be_read_there_and_works(client, ria):
    Mail.objects.all().delete()
    with override_settings(EMAIL_BACKEND="accounts.mail.DemoBackend"):
        client.post("/account/login/", {"login": ria.email})
    mail = Mail.objects.get()
    assert mail.sent_at, "the worker leaves it alone"
    page = client.get(f"/demo/post/{mail.pk}/").content.decode()
    code = next(word for word in mail.body.split() if word.replace("-", "").isdigit() and len(word) == 9)
    assert code in page
    assert client.post("/account/login/code/confirm/", {"code": code}).url == "/mijn/"


@DEMO
@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=99999999999999999999", "to=" + "x" * 5000, "to=%27", "page=-1"]
)
def test_odd_questions_about_the_mail_get_a_page(client, town, query):
    assert client.get(f"/demo/post/?{query}").status_code == 200


def test_a_hostile_mail_is_shown_as_text(client, town, now):
    mail = Mail.objects.create(
        to="x@example.org",
        about="x",
        subject="<script>alert(1)</script>",
        body="javascript:alert(1) <img src=x onerror=alert(1)>",
        created_at=now,
        not_before=now,
    )
    with override_settings(DEMO=True):
        page = client.get(f"/demo/post/{mail.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    ("demo", "site_url", "hosts", "refused"),
    [
        (True, "http://127.0.0.1:8000", ["127.0.0.1"], False),
        (True, "http://localhost:8000", ["localhost", "127.0.0.1"], False),
        (True, "https://wijk.example", ["wijk.example"], True),
        (True, "http://127.0.0.1:8000", ["127.0.0.1", "wijk.example"], True),
        (True, "http://127.0.0.1.wijk.example", ["127.0.0.1"], True),
        (True, "http://127.0.0.1:8000", [".localhost"], True),
        (False, "https://wijk.example", ["wijk.example"], False),
    ],
)
def test_the_demo_is_refused_on_a_real_address(settings, demo, site_url, hosts, refused):
    settings.DEMO, settings.SITE_URL, settings.ALLOWED_HOSTS = demo, site_url, hosts
    found = check_demo()
    assert bool(found) is refused
    assert all(isinstance(problem, Error) and problem.id == "wijkportaal.E002" for problem in found)


def test_the_demo_keeps_allauths_mail_and_no_second_copy_of_ours(town, now):
    backend = DemoBackend()
    ours = EmailMessage("a", "b", to=["x@example.org"], headers={"Message-ID": "<1@x>"})
    theirs = EmailMessage("c", "d", to=["x@example.org", "y@example.org"])
    assert backend.send_messages([ours, theirs]) == 2
    assert sorted(Mail.objects.values_list("to", "subject")) == [("x@example.org", "c"), ("y@example.org", "c")]


def test_pages_speak_english_too(sign_in, ria):
    page = sign_in(ria).get("/en/mijn/").content.decode()
    assert "Hello Ria" in page
    with translation.override("nl"):
        assert '<html lang="en"' in page


def test_someone_without_a_name_is_called_a_resident():
    assert str(User(email="niemand@example.org")) == "bewoner"
