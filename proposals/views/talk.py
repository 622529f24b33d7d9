"""Support and reactions."""

from django.http import Http404


def support(request, **kwargs):
    raise Http404


def unsupport(request, **kwargs):
    raise Http404


def comment(request, **kwargs):
    raise Http404


def report_comment(request, **kwargs):
    raise Http404


def hide_comment(request, **kwargs):
    raise Http404


def keep_comment(request, **kwargs):
    raise Http404


def reported_comments(request, **kwargs):
    raise Http404
