from django.http import Http404


def dashboard(request, **kwargs):
    raise Http404


def neighbourhoods_csv(request, **kwargs):
    raise Http404


def proposals_csv(request, **kwargs):
    raise Http404


def projects_csv(request, **kwargs):
    raise Http404


def neighbourhood(request, **kwargs):
    raise Http404
