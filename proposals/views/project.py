"""A project that runs: steps with dates, news."""

from django.http import Http404


def plan(request, **kwargs):
    raise Http404


def replan(request, **kwargs):
    raise Http404


def reach(request, **kwargs):
    raise Http404


def report(request, **kwargs):
    raise Http404
