"""Finished pages for visitors without an account, kept for as long as nothing happened.

Every write that changes a public page makes an event, so the newest event of each kind tells whether a kept page still holds: one small
query instead of all those of the page. Pages also end after PAGE_CACHE_SECONDS, because a day or a phase can pass without an event, a name
can change without one, and on PostgreSQL an event may come into sight after one with a higher number. Who is signed in, or has a message
waiting, always gets a page of their own; a page with a form in it, which holds a token of one browser, is never kept.
"""

import hashlib
from functools import wraps

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.utils.translation import get_language

from wijkportaal.append_only import append_only_models


def cache_for_visitors(view):
    """Decorator for views whose page is the same for every visitor without an account."""

    @wraps(view)
    def cached(request, *args, **kwargs):
        if (
            request.method != "GET"
            or request.user.is_authenticated
            or not settings.PAGE_CACHE_SECONDS
            or _has_messages(request)
        ):
            return view(request, *args, **kwargs)
        key = hashlib.sha256(f"{get_language()} {request.get_full_path()}".encode()).hexdigest()
        newest = newest_events()
        kept = caches["pages"].get(key)
        if kept and kept[0] == newest:
            return HttpResponse(kept[1], content_type=kept[2])
        response = view(request, *args, **kwargs)
        has_token = "CSRF_COOKIE_NEEDS_UPDATE" in request.META
        if response.status_code == 200 and not has_token and not response.cookies and not response.streaming:
            caches["pages"].set(key, (newest, response.content, response["Content-Type"]), settings.PAGE_CACHE_SECONDS)
        return response

    return cached


def newest_events():
    """The highest id of each append-only table, as a tuple: it changes with every write. One query."""
    tables = sorted(model._meta.db_table for model in append_only_models())
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'(SELECT max(id) FROM "{table}")' for table in tables))  # noqa: S608 - our own names
        return cursor.fetchone()


def _has_messages(request):
    return "messages" in request.COOKIES or settings.SESSION_COOKIE_NAME in request.COOKIES
