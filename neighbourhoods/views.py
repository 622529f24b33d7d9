from django.http import Http404


def home(request, **kwargs):
    raise Http404


def detail(request, **kwargs):
    raise Http404


def how_it_works(request, **kwargs):
    raise Http404


def accessibility(request, **kwargs):
    raise Http404


def privacy(request, **kwargs):
    raise Http404


def theme_css(request, **kwargs):
    raise Http404


def plan_meeting(request, **kwargs):
    raise Http404


def change_meeting(request, **kwargs):
    raise Http404


def cancel_meeting(request, **kwargs):
    raise Http404


def plan_round(request, **kwargs):
    raise Http404


def change_round(request, **kwargs):
    raise Http404


def choose_home(request, **kwargs):
    raise Http404


def administration(request, **kwargs):
    raise Http404


def change_municipality(request, **kwargs):
    raise Http404


def add_theme(request, **kwargs):
    raise Http404


def change_theme(request, **kwargs):
    raise Http404


def people(request, **kwargs):
    raise Http404


def grant_role(request, **kwargs):
    raise Http404


def end_role(request, **kwargs):
    raise Http404


def log(request, **kwargs):
    raise Http404
