"""Kept pages: quick for visitors, never old after a write, never someone else's."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from proposals import actions
from wijkportaal.page_cache import cache_for_visitors, newest_events

pytestmark = pytest.mark.django_db


class Page:
    """A view that counts how often it was really made."""

    def __init__(self):
        self.made = 0

    def __call__(self, request):
        self.made += 1
        return HttpResponse(f"page {self.made}")


def get(view, user=None, **headers):
    request = RequestFactory().get("/ideeen/", {"q": "boom"}, **headers)
    request.user = user or AnonymousUser()
    return view(request).content


@pytest.fixture
def counted():
    return Page()


@pytest.fixture
def view(counted):
    return cache_for_visitors(lambda request: counted(request))


def test_the_second_visitor_gets_the_kept_page(view, counted, django_assert_num_queries):
    assert get(view) == b"page 1"
    with django_assert_num_queries(1):
        assert get(view) == b"page 1"
    assert counted.made == 1


def test_any_write_makes_a_kept_page_old(view, published, wim, now):
    get(view)
    actions.write_note(published, reason="Bellen met groenbeheer.", actor=wim, now=now)
    assert get(view) == b"page 2"


def test_someone_signed_in_never_gets_nor_leaves_a_kept_page(view, ria):
    assert get(view, ria) == b"page 1"
    assert get(view) == b"page 2"
    assert get(view, ria) == b"page 3"


def test_a_page_with_the_token_of_one_visitor_is_never_kept(counted):
    view = cache_for_visitors(lambda request: get_token(request) and counted(request))
    assert [get(view), get(view)] == [b"page 1", b"page 2"]


def test_nothing_is_kept_when_it_is_switched_off(view, settings):
    settings.PAGE_CACHE_SECONDS = 0
    assert [get(view), get(view)] == [b"page 1", b"page 2"]


def test_every_append_only_table_counts(published, wim, now):
    before = newest_events()
    actions.ask_question(published, reason="Waar precies?", actor=wim, now=now)
    assert newest_events() != before
