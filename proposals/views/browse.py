"""Reading: the list of ideas, one idea, its photos."""

from django.http import Http404


def list_proposals(request, **kwargs):
    raise Http404


def detail(request, **kwargs):
    raise Http404


def photo(request, **kwargs):
    raise Http404


def photo_thumbnail(request, **kwargs):
    raise Http404
