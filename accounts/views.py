from django.http import Http404


def me(request, **kwargs):
    raise Http404


def profile(request, **kwargs):
    raise Http404


def demo_people(request, **kwargs):
    raise Http404


def demo_mail(request, **kwargs):
    raise Http404


def demo_mail_detail(request, **kwargs):
    raise Http404
