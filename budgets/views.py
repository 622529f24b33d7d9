from django.http import Http404


def town(request, **kwargs):
    raise Http404


def town_csv(request, **kwargs):
    raise Http404


def neighbourhood(request, **kwargs):
    raise Http404


def neighbourhood_csv(request, **kwargs):
    raise Http404


def budget(request, **kwargs):
    raise Http404


def budget_csv(request, **kwargs):
    raise Http404


def create_budget(request, **kwargs):
    raise Http404


def raise_budget(request, **kwargs):
    raise Http404


def award(request, **kwargs):
    raise Http404


def spend(request, **kwargs):
    raise Http404


def correct(request, **kwargs):
    raise Http404


def finish(request, **kwargs):
    raise Http404


def cancel(request, **kwargs):
    raise Http404
