"""What every answer carries, whatever goes wrong: the headers of wijkportaal/middleware.py."""

import importlib
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.test import Client, override_settings

from proposals.models import Photo
from wijkportaal import settings as site_settings
from wijkportaal.middleware import CONTENT_SECURITY_POLICY, HEADERS


def assert_guarded(response, *, policy=CONTENT_SECURITY_POLICY):
    for name, value in HEADERS.items():
        if name != "Content-Security-Policy":
            assert response.headers[name] == value
    assert response.headers["Content-Security-Policy"] == policy


def test_the_policy_lets_nothing_in_that_we_did_not_write():
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY
    for directive in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert directive in CONTENT_SECURITY_POLICY


PAGES = [
    ("/account/login/", 200),
    ("/en/account/login/", 200),
    ("/mijn/", 302),
    ("/mijn", 301),
    ("/account/login/?q=%00", 400),
    ("/account/login/?a%00=b", 400),
    ("/account/%00/", 400),
    ("/account/login/?q=%ED%A0%80", 200),
    ("/geen-pagina/", 404),
    ("/static/css/wijkportaal.css", 200),
    ("/static/geen-bestand.css", 404),
]


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_each_kind_of_answer_carries_the_headers(client, town, path, status):
    response = client.get(path)
    assert response.status_code == status
    assert_guarded(response)
    b"".join(response)  # read to the end, so that the file is closed


def test_a_wrong_method_carries_them_too(sign_in, ria):
    response = sign_in(ria).post("/mijn/")
    assert response.status_code == 405
    assert_guarded(response)


def test_a_forged_form_carries_them_too(town):
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "noor@example.org"})
    assert response.status_code == 403
    assert_guarded(response)


def test_no_permission_carries_them_too(sign_in, ria):
    response = sign_in(ria).get("/beheer/")
    assert response.status_code in {403, 404}
    assert_guarded(response)


def test_a_strange_host_carries_them_too(client, town):
    response = client.get("/account/login/", HTTP_HOST="kwaad.example")
    assert response.status_code == 400
    assert_guarded(response)
    assert b"kwaad.example" not in response.content


def test_our_own_fault_carries_them_too(client, ria, monkeypatch):
    def fall(*args, **kwargs):
        raise RuntimeError("a fault of ours")

    client.force_login(ria)
    client.raise_request_exception = False
    monkeypatch.setattr("accounts.views.render", fall)
    response = client.get("/mijn/")
    assert response.status_code == 500
    assert_guarded(response)
    assert b"a fault of ours" not in response.content


def test_the_step_to_https_carries_them_too(client, town):
    with override_settings(SECURE_SSL_REDIRECT=True):
        response = client.get("/account/login/")
    assert response.status_code == 301
    assert_guarded(response)


def test_a_photo_is_locked_up_even_more(client, published):
    photo = Photo(proposal=published, width=1, height=1)
    photo.image.save("x.jpg", ContentFile(b"\xff\xd8\xff"), save=False)
    photo.thumbnail.save("x.jpg", ContentFile(b"\xff\xd8\xff"), save=False)
    photo.save()
    for url in (photo.url, photo.thumbnail_url):
        response = client.get(url)
        assert response.status_code == 200
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert "script-src" not in response["Content-Security-Policy"].replace("script-src 'none'", "")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Type"] == "image/jpeg"
        assert b"".join(response)


def test_a_table_to_download_carries_them_too(client, published):
    response = client.get("/geld/overzicht.csv")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    assert_guarded(response)


def test_one_s_own_data_carries_them_too(sign_in, ria):
    response = sign_in(ria).get("/mijn/gegevens/download/")
    assert response.status_code == 200
    assert_guarded(response)


def test_static_files_have_them_outside_the_tests_too():
    assert site_settings.WHITENOISE_ADD_HEADERS_FUNCTION.__name__ == "add_static_headers"
    order = site_settings.MIDDLEWARE
    first = order.index("wijkportaal.middleware.SecurityHeadersMiddleware")
    assert first == 0, "what is before it would answer without the headers"


def test_cookies_are_not_for_scripts(client, town):
    response = client.get("/account/login/")
    assert response.cookies["csrftoken"]["httponly"]
    assert response.cookies["csrftoken"]["samesite"] == "Lax"


def test_a_page_for_someone_signed_in_is_kept_by_no_browser(client, ria, published):
    assert "Cache-Control" not in client.get(published.get_absolute_url()), "a visitor's page may be kept"
    client.force_login(ria)
    assert client.get(published.get_absolute_url())["Cache-Control"] == "private, no-store"


def test_a_server_does_not_start_as_demo_on_a_public_address(settings):
    settings.DEMO, settings.ALLOWED_HOSTS = True, ["wijk.example"]
    sys.modules.pop("wijkportaal.wsgi", None)
    with pytest.raises(ImproperlyConfigured, match="DEMO"):
        importlib.import_module("wijkportaal.wsgi")
    settings.DEMO = False
    assert importlib.import_module("wijkportaal.wsgi").application
