"""One indexed query of twenty rows, one template: what a page costs when it does next to nothing."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path

from proposals.models import Proposal

_TEMPLATE = engines["django"].from_string(
    "<!doctype html><title>Bare</title><ul>{% for row in rows %}<li><a href='/{{ row.pk }}/'>{{ row.title }}</a> "
    "{{ row.support_count }} {{ row.published_at }}</li>{% endfor %}</ul>"
)


def bare(request):
    rows = Proposal.objects.published().order_by("-published_at", "-id").defer("search_text")[:20]
    return HttpResponse(_TEMPLATE.render({"rows": rows}, request))


urlpatterns = [path("", bare)]
