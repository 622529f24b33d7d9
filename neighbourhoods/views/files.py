"""Small files that a browser, a crawler or a researcher asks for."""

import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from neighbourhoods.context_processors import the_municipality
from neighbourhoods.models import Municipality
from neighbourhoods.theming import stylesheet, stylesheet_hash

SECURITY_TXT_LASTS = datetime.timedelta(days=180)


@require_safe
@login_not_required
def theme_css(request, digest):
    """The town's colours. The name changes with the contents, so a browser keeps it a year; any other name is not found."""
    # Not `the_municipality`: this process may remember the colours from before, and the page was made by one that knows the new ones.
    colours = Municipality.objects.values_list("theme_colours", flat=True).first()
    if not colours or not constant_time_compare(digest, stylesheet_hash(colours)):
        raise Http404
    response = HttpResponse(stylesheet(colours), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_safe
@login_not_required
def security_txt(request):
    """Where to report a weakness (RFC 9116). Without an address to write to there is nothing to say."""
    municipality = the_municipality()
    if not municipality or not municipality.contact_email:
        raise Http404
    expires = (timezone.now() + SECURITY_TXT_LASTS).astimezone(datetime.UTC).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{municipality.contact_email}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def robots_txt(request):
    """Public pages may be found; lists with filters are endless and pages behind a login are of no use to a crawler."""
    lines = [
        "User-agent: *",
        "Disallow: /account/",
        "Disallow: /beheer/",
        "Disallow: /mijn/",
        "Disallow: /werklijst/",
        "Disallow: /*?",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
