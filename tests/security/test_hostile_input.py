"""Odd input in every parameter and every field: an answer that says so, never a crash. On both databases: each has crashes of its own."""

import json
import os
import re
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.security.browsing import Browser, name_is_amount, own_parameters, pages, post_forms

VALUES = [
    "a\0b", "\x00", "\ud800", "10" * 10, str(10**20), str(-(10**20)), "9" * 5000, str(2**63), "-1", "0", "1e400", "NaN", "Infinity",
    "-Infinity", "1.5", "00000000-0000-0000-0000-00000000000g", "not-a-uuid", "x" * 5000, "😀🏳️‍🌈👨‍👩‍👧‍👦" * 40, "\u202eabc\u2066\u200f", "%", "_",
    "%%%", "\\", "'; DROP TABLE proposals_proposal; --", "' OR '1'='1", '") UNION SELECT 1--', "1;2", "[]", "{}", "null", "true",
    "9999-12-31", "0001-01-01", "2026-02-30", "24:61", "٣", "²", "½", "\r\nSet-Cookie: a=b", "../../etc/passwd", "<b>", "", " ", "\u3000",
    "\x7f\x1b\x08", "＜script＞", "e\u0301" * 100, "iemand@example.org\nBcc: ander@example.org", "\"a\0b\"@example.org", "1,00,00", "€ 1e9",
]  # fmt: skip
# Names that some view reads from the address, found on no form.
UNSEEN = {"page", "op", "next", "wijk", "neighbourhood", "year", "figure", "q", "met"}
# One at a time for these; the rest only together, to keep the normal run short.
SHARPEST = ["a\0b", str(10**20), "x" * 5000, "9999-12-31"]
IS_PROOF = os.environ.get("PROOF") == "1"


def refused(response):
    """Whether the answer is one that input may get: never a crash."""
    return response.status_code < 500


# --- Query parameters ------------------------------------------------------------------------------------------------


def test_no_query_parameter_of_any_page_makes_it_crash(world, people):
    mine, tried = {}, 0
    for _name, address, who in pages(world):
        browser = mine.setdefault(who[0], Browser(people[who[0]]))
        response = browser.get(address)
        html = response.body.decode(errors="replace") if "html" in response["Content-Type"] else ""
        own = own_parameters(address, html)
        everyone = sorted(own | UNSEEN)
        for number, value in enumerate(VALUES):
            # All at once finds what crashes before a form looks; one at a time what hides behind another's refusal.
            if IS_PROOF or value in SHARPEST:
                browser.get(address + "?" + _query(dict.fromkeys(everyone, value)))
                tried += 1
            if IS_PROOF:
                alone = everyone
            elif value in SHARPEST[1:3]:
                alone = sorted(own)
            else:  # each value in one of the parameters
                alone = everyone[number % len(everyone) :][:1] if own and number % 3 == 0 else []
            for parameter in alone:
                browser.get(address + "?" + _query({parameter: value}))
                tried += 1
        browser.get(address + "?" + "&".join(f"{odd}=1" for odd in ("%00", "%ED%A0%80", "a%5Bb", "%F0%9F%98%80")))
        browser.get(address + "?page&page=&&&=&=1&%")
        browser.get(address + "?page=1&page=2&q=a&q=b")
    assert tried > 300
    assert not [failure for browser in mine.values() for failure in browser.failures]


def _query(words):
    return "&".join(f"{quote(name)}={quote(value.encode(errors='surrogatepass'))}" for name, value in words.items())


def test_nul_bytes_and_lone_surrogates_in_an_address_are_a_bad_request(client, town):
    for query in ("?q=%00", "?q=a%00b", "?a%00=1", "?wijk=%00&q=boom"):
        assert client.get(reverse("proposals:list") + query).status_code == 400, query
    assert client.get("/ideeen/%00/").status_code == 400
    assert client.get("/wijken/%00/").status_code == 400
    # Bytes that aren't UTF-8 arrive as replacement characters, so there is nothing to refuse; they find nothing.
    assert client.get(reverse("proposals:list") + "?q=%ED%A0%80").status_code == 200


def test_odd_paths_are_not_found(client, town):
    odd = [
        "/ideeen/99999999999999999999/", "/ideeen/" + "9" * 5000 + "/", "/ideeen/-1/", "/ideeen/1.5/", "/ideeen/%F0%9F%98%80/",
        "/ideeen/1%2F2/", "/ideeen/..%2f..%2fetc/", "/../../etc/passwd", "/ideeen//", "/wijken/" + "x" * 5000 + "/",
        "/wijken/%E2%80%AEabc/", "/wijken/'; DROP TABLE x;--/", "/fotos/not-a-uuid.jpg", "/fotos/00000000-0000-0000-0000-000000000000.jpg",
        "/fotos/../../manage.py", "/thema-" + "0" * 300 + ".css", "/static/..%2f..%2fmanage.py", "/static/../manage.py", "/media/photos/x.jpg",
        "/geld/99999999999999999999/", "/geld/wijk/%25/", "/raad/%25/", "/.git/config", "/.env", "/en/en/", "/%ff%fe/", "/;/", "/a\\b/",
        "/ideeen/0/", "/ideeen/00000000000000000000000000001/", "/account/%00/",
    ]  # fmt: skip
    browser = Browser()
    for path in odd:
        status = browser.get(path).status_code
        assert status in {301, 302, 400, 404}, f"{path}: {status}"
    assert not browser.failures


# --- Fields of forms -------------------------------------------------------------------------------------------------


def test_no_field_of_any_form_makes_it_crash(world, people):
    forms, mine = [found for found in post_forms(world, people) if found[3].names], set()
    assert len(forms) > 35, "the forms were not found"
    for turn, (_name, target, browser, form) in enumerate(forms):
        mine.add(browser)
        good = form.filled_in()
        for value in VALUES if IS_PROOF else SHARPEST:
            browser.post(target, dict.fromkeys(form.names, _sendable(value)), follow=True)
        for number, field in enumerate(form.names):
            # In the normal run each field gets one of the odd values, each value some of the fields.
            for value in VALUES if IS_PROOF else [VALUES[(turn * 5 + number * 3) % len(VALUES)]]:
                browser.post(target, good | {field: _sendable(value)}, follow=True)
        browser.post(target, {})
        browser.post(target, {name: [value, value] for name, value in good.items() if isinstance(value, str)})
        for field in form.names:
            if form.inputs[field].kind == "file":
                browser.post(target, good | {field: SimpleUploadedFile("a\r\nb/../../c.jpg", b"GIF89a")})
            if name_is_amount(field):
                for amount in (
                    "1e9",
                    "0,001",
                    "-0",
                    "99999999999999999999,99",
                    "1_000",
                    "٣٤",
                    "\u00a0",
                    "0x10",
                    "12,",
                    ",5",
                    "1.2.3",
                ):
                    browser.post(target, good | {field: amount}, follow=True)
    assert not [failure for browser in mine for failure in browser.failures]


def _sendable(value):
    """What a browser could send: text that is no valid UTF-8 can't be typed, and is tried as bytes elsewhere."""
    return value.encode(errors="replace").decode()


def test_the_forms_are_filled_in_well_enough_to_get_past_their_first_field(world, people):
    """Positive control: what `filled_in` makes is accepted by nearly all forms, so that an odd field stands on its own."""
    done, refusals = 0, []
    known = {"budgets": "budget", "email": ""}
    for name, target, browser, form in list(post_forms(world, people)):
        response = browser.post(target, form.filled_in(**_special(name, people)))
        if response.status_code == 302:
            done += 1
        else:
            refusals.append(f"{name} {response.status_code}")
    assert known
    assert done >= 0.75 * (done + len(refusals)), refusals


def _special(name, people):
    if name == "neighbourhoods:grant_role":
        return {"email": people["rob"].email, "role": "councillor"}
    return {}


def test_bytes_that_are_no_text_and_bodies_that_are_no_form_are_refused(world, people):
    browser = Browser(people["ria"])
    address = reverse("proposals:create")
    form_type = "application/x-www-form-urlencoded"
    bodies = [
        (b"title=%ED%A0%80&what=%FF%FE", form_type), (b"title=\xed\xa0\x80\xff", form_type), (b"\x00\x01\x02", form_type), (b"%" * 2000, form_type),
        (b"&" * 100_000, form_type), (b"a=1&" * 1000, form_type), (b"=", form_type), (b"title=" + b"x" * 2_000_000, form_type),
        (b"title=" + b"x" * 10_000_000, form_type), (b"{", "application/json"), (b"[" * 100_000, "application/json"), (b"<a/>", "text/xml"),
        (b"title=x", "text/plain"), (b"title=x", ""), (b"title=x", form_type + "; charset=utf-7"), (b"", MULTIPART_CONTENT), (b"x", MULTIPART_CONTENT),
        (b"--x\r\n", "multipart/form-data"), (b"--x\r\n", "multipart/form-data; boundary="), (b"--x\r\n", "multipart/form-data; boundary=" + "y" * 500),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=\"a\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=title\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=title; filename*=utf-7''%00\r\n\r\na\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=t\r\nContent-Type: text/plain; charset=nope\r\n\r\na\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=\xff\xfe\r\n\r\n\xff\x00\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\n" + b"A" * 200_000, "multipart/form-data; boundary=x"),
        (b"".join(b'--x\r\nContent-Disposition: form-data; name="photo_1"; filename="a"\r\n\r\nb\r\n' for _ in range(50)) + b"--x--", "multipart/form-data; boundary=x"),
        (encode_multipart(BOUNDARY, {"title": "x", "photo_1": SimpleUploadedFile("a.jpg", b"x" * 11_000_000)}), MULTIPART_CONTENT),
    ]  # fmt: skip
    for body, kind in bodies:
        response = _send(browser, address, body, kind)
        assert response.status_code in {200, 302, 400, 403, 413}, f"{kind[:60]!r} {body[:60]!r}: {response.status_code}"
    assert not browser.failures


def _send(browser, address, body, kind, method="post"):
    return browser.ask(method, address, body, content_type=kind)


def test_other_methods_are_refused_or_harmless(world, people):
    browser = Browser(people["ria"])
    for _name, address, _who in pages(world):
        for method in ("put", "patch", "delete", "options", "trace", "head"):
            if method in {"put", "patch", "delete"}:
                _send(browser, address, b"{}", "application/json", method)
            else:
                browser.ask(method, address)
    assert not browser.failures


def test_odd_headers_make_nothing_crash(client, town):
    browser = Browser()
    address = reverse("proposals:list")
    for name in ("HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE", "HTTP_REFERER", "HTTP_ACCEPT", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH", "HTTP_RANGE",
                 "HTTP_ACCEPT_ENCODING", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT", "HTTP_ORIGIN", "CONTENT_LENGTH"):  # fmt: skip
        for value in (
            "\xff\xfe",
            "x" * 8000,
            "nl;q=nan",
            "'\"<>",
            "-1",
            ",;=,;=",
            "sessionid=\x01; messages=x; csrftoken=y; django_language=zz",
        ):
            browser.get(address, **{name: value})
    assert not browser.failures
    assert Browser().get(address, headers={"host": "evil.example"}).status_code == 400


def test_hostile_cookies_are_only_forgotten(town):
    for name in ("messages", "sessionid", "csrftoken", "django_language"):
        for value in ("", "x" * 3000, "null", '["__json_message",0]', "a:b:c", "\\u0000", "{", "[[[[", "%00", "..%2f"):
            browser = Browser()
            browser.client.cookies[name] = value
            browser.ask("get", reverse("neighbourhoods:home"))
            assert not browser.failures


def test_a_path_that_names_another_host_gives_no_link_to_it(client, town):
    """`//evil.example/ideeen/` as path: links made of it (the other language, sign in) stay here."""
    for path in ("//evil.example/ideeen/", "///evil.example/", "/\\evil.example/ideeen/", "//evil.example//ideeen/"):
        response = client.request(PATH_INFO=path, QUERY_STRING="a=1")
        assert response.status_code < 500
        assert not response.get("Location", "/").startswith(("//", "/\\", "\\")), path
        links = re.findall(r'(?:href|action|src)="([^"]*)"', response.content.decode())
        assert not [link for link in links if link.startswith(("//", "/\\", "\\"))], path


# --- Generated requests ----------------------------------------------------------------------------------------------

texts = st.one_of(
    st.sampled_from(VALUES),
    st.text(max_size=200),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.uuids().map(str),
    st.binary(max_size=50).map(lambda raw: raw.decode("latin1")),
)


@pytest.mark.parametrize("examples", [150, pytest.param(10_000, marks=pytest.mark.proof)])
def test_generated_requests_never_crash(world, people, examples):
    names = ["visitor", "ria", "wim", "bea", "fien", "carla"]
    mine = {name: Browser(people[name]) for name in names}
    addresses = [(address, [name for name in who if name in names]) for _name, address, who in pages(world)]
    addresses = [(address, who) for address, who in addresses if who]
    forms = [found for found in post_forms(world, people) if found[3].names]

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(data=st.data())
    def hammer(data):
        if data.draw(st.booleans()):
            address, who = data.draw(st.sampled_from(addresses))
            parameters = data.draw(
                st.dictionaries(
                    st.sampled_from(sorted(UNSEEN | {"sort", "status", "thema", "wie", "taak", "waiting", "state"})),
                    texts,
                    max_size=4,
                )
            )
            response = mine[data.draw(st.sampled_from(who))].get(address + "?" + _query(parameters))
        else:
            _name, target, browser, form = data.draw(st.sampled_from(forms))
            odd = data.draw(st.dictionaries(st.sampled_from(form.names), texts.map(_sendable), max_size=4))
            response = browser.post(target, form.filled_in() | odd, follow=True)
        assert refused(response), json.dumps([browser.failures for browser in mine.values()])

    hammer()
