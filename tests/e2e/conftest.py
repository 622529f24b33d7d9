"""A real browser on a real server. Whatever goes wrong in any page during a test fails that test, also when nobody looked at it."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

PATIENCE = 30_000  # milliseconds before a button that doesn't come fails the test: a busy machine is no fault of a page
expect.set_options(timeout=PATIENCE)


class Recorder:
    """What went wrong while pages were open: `.problems`, sentences."""

    def __init__(self, origin):
        self.origin, self.problems = origin, []
        # The answer to an address that is asked for on purpose; the browser writes "Failed to load" about it.
        self.expected = set()

    def listen_to(self, context):
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"error in a script: {error.error}"))

    def _is_ours(self, url):
        return url.startswith((f"{self.origin}/", "data:", "blob:", "about:"))

    def _request(self, request):
        if not self._is_ours(request.url):
            self.problems.append(f"asks {urlsplit(request.url).netloc} for {request.resource_type} {request.url}")

    def _response(self, response):
        # Pages that are refused are looked at by the tests; a stylesheet, a font or a picture may never be missing.
        if response.status >= 400 and not response.request.is_navigation_request():
            self.problems.append(f"{response.status} for {response.request.resource_type} {response.url}")
        if response.status >= 500 and response.url not in self.expected:
            self.problems.append(f"{response.status} for {response.url}")

    def _failed(self, request):
        if (
            self._is_ours(request.url) and request.failure != "net::ERR_ABORTED"
        ):  # aborted: left the page, or a download
            self.problems.append(f"{request.failure} for {request.url}")

    def _console(self, message):
        is_status = message.text.startswith("Failed to load resource: the server responded")  # told by _response
        if message.type in {"error", "warning"} and not is_status:
            self.problems.append(f"console {message.type} on {message.page and message.page.url}: {message.text}")


@pytest.fixture
def recorder(live_server):
    """Checked at the end of every test that opens a page."""
    recorder = Recorder(live_server.url)
    yield recorder
    assert not recorder.problems, "\n".join(dict.fromkeys(recorder.problems))


@pytest.fixture
def open_browser(browser, live_server, recorder):
    """`open_browser(ria, width=390)` gives an empty page in a browser of its own, in which Ria is signed in (None: nobody is)."""
    contexts = []

    def _open(user=None, *, width=1280, javascript=True):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            locale="nl-NL",
            timezone_id=settings.TIME_ZONE,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        recorder.listen_to(context)
        contexts.append(context)
        if user:
            context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live_server.url}])
        return context.new_page()

    yield _open
    for context in contexts:
        context.close()


def session_of(user):
    """The key of a new session in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
