"""The wijkmanager: what waits, and each step of the check."""

from django.http import Http404


def take_step(request, **kwargs):
    raise Http404


def assign(request, **kwargs):
    raise Http404


def assess(request, **kwargs):
    raise Http404


def merge(request, **kwargs):
    raise Http404


def worklist(request, **kwargs):
    raise Http404
