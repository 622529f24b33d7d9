"""Writing takes a POST with a token; reading changes nothing; and a page that nobody marked as public asks to sign in."""

import sys
import types

import pytest
from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, clear_url_caches, get_resolver, include, path, reverse

from tests.security.browsing import StatementLog, browsers, entrance_pages, forms_of, pages, writes
from tests.test_matrix import TABLE


def allauth_addresses():
    for pattern in get_resolver("allauth.account.urls").url_patterns:
        try:
            yield pattern.name, reverse(pattern.name)
        except NoReverseMatch:
            continue


def all_addresses(world):
    for name, (thing, _own, _other, _post) in TABLE.items():
        yield name, reverse(name, kwargs=world["own"][thing])
    yield from allauth_addresses()


# --- Tokens ----------------------------------------------------------------------------------------------------------


def test_a_post_without_a_token_is_refused_everywhere(world, people):
    for user in (None, people["wim"], people["bea"]):
        client = Client(enforce_csrf_checks=True)
        if user:
            client.force_login(user)
        wrong = [
            f"{name}: {status}"
            for name, address in all_addresses(world)
            if (status := client.post(address, {"reason": "x"}).status_code) != 403
        ]
        assert not wrong, f"as {user}: {wrong}"


def test_a_wrong_token_or_a_foreign_origin_is_refused_and_the_right_one_is_not(world, people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["wim"])
    address = reverse("proposals:publish", kwargs=world["own"]["submitted"])
    page = client.get(address).content.decode()
    form = next(form for form in forms_of(page) if form.method == "post")
    token = form.inputs["csrfmiddlewaretoken"].value
    data = form.filled_in()
    assert client.post(address, data | {"csrfmiddlewaretoken": "a" * 64}).status_code == 403
    assert (
        client.post(
            address, data | {"csrfmiddlewaretoken": token}, headers={"origin": "https://evil.example"}
        ).status_code
        == 403
    )
    assert client.post(address, data | {"csrfmiddlewaretoken": token}).status_code == 302


def test_no_view_is_exempt_from_tokens():
    def views(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from views(pattern.url_patterns)
            else:
                yield pattern.name, pattern.callback

    exempt = [name for name, view in views(get_resolver().url_patterns) if getattr(view, "csrf_exempt", False)]
    assert not exempt


# --- Reading ---------------------------------------------------------------------------------------------------------


def fingerprint():
    """Of every table: how many rows, and the highest key."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table, key = model._meta.db_table, model._meta.pk.column
            if table != "django_session":
                cursor.execute(f'SELECT count(*), max("{key}") FROM "{table}"')
                found[table] = cursor.fetchone()
    return found


def test_reading_changes_no_row_for_anyone(world, people):
    before, wrong = fingerprint(), []
    each_role = {name: user for name, user in people.items() if name not in {"rob", "olga", "hans"}}
    for person, browser in browsers(each_role).items():
        for name, address in all_addresses(world):
            if name.startswith("account_") and person not in {"visitor", "ria"}:
                continue  # the same for everyone who has an account
            with StatementLog() as statements:
                browser.get(address)
            wrong += [f"GET {name} as {person}: {sql[:200]}" for sql in writes(statements)]
    assert not wrong, "\n".join(wrong)
    assert fingerprint() == before


def test_the_watch_on_writing_sees_a_write(world, people):
    """Negative control: the same look at a POST finds the rows it wrote."""
    with StatementLog() as statements:
        browsers(people)["rob"].post(reverse("proposals:support", kwargs=world["own"]["published"]))
    assert any("proposals_support" in sql for sql in writes(statements))


def test_a_link_to_a_step_does_not_take_it(world, people):
    """Mail scanners and browsers fetch links ahead: what only works by POST says so."""
    for name, (thing, *_rest, only_post) in TABLE.items():
        if only_post:
            address = reverse(name, kwargs=world["own"][thing])
            assert {browser.get(address).status_code for browser in browsers(people).values()} <= {
                302,
                403,
                404,
                405,
            }, name


# --- Default deny ----------------------------------------------------------------------------------------------------


@pytest.fixture
def two_new_views(settings):
    """The site with a view that someone forgot to think about, and one that was marked as public."""
    module = types.ModuleType("urls_with_a_new_view")
    module.urlpatterns = [
        path("forgotten/", lambda request: HttpResponse("secret")),
        path("marked/", login_not_required(lambda request: HttpResponse("public"))),
        path("account/", include("allauth.urls")),
    ]
    sys.modules[module.__name__] = module
    settings.ROOT_URLCONF = module.__name__
    clear_url_caches()
    yield
    del sys.modules[module.__name__]
    clear_url_caches()


def test_a_view_that_nobody_marked_as_public_asks_to_sign_in(two_new_views, client, db):
    response = client.get("/forgotten/")
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next=/forgotten/"
    assert client.post("/forgotten/").status_code == 302
    assert client.get("/marked/").content == b"public"


def test_the_pages_of_signing_in_are_the_only_ones_of_allauth_without_a_login(client, db):
    open_to_all = {name for name, address in allauth_addresses() if client.get(address).status_code == 200}
    assert {name for name, _address, _who in entrance_pages()} <= open_to_all
    assert not open_to_all & {
        "account_email",
        "account_change_password",
        "account_set_password",
        "account_reauthenticate",
    }


def test_every_page_that_may_be_read_is_named_in_the_matrix(world):
    assert len(list(pages(world))) > 60
