"""Writing: bringing an idea, changing it, doing it together."""

from django.http import Http404


def create(request, **kwargs):
    raise Http404


def edit(request, **kwargs):
    raise Http404


def invite(request, **kwargs):
    raise Http404


def join(request, **kwargs):
    raise Http404


def leave(request, **kwargs):
    raise Http404
