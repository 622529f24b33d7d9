"""What every response carries and what no request may carry."""

from django.conf import settings
from django.http import HttpResponseBadRequest
from django.template.loader import render_to_string

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
}


class SecurityHeadersMiddleware:
    """Adds the headers to every response, error pages included; a view's own stricter header is kept."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # On a shared computer "back" after signing out must not show someone's drafts.
            response.setdefault("Cache-Control", "private, no-store")
        return response


def add_static_headers(headers, path, url):
    """WhiteNoise answers some static files before the middleware above has its say."""
    for name, value in HEADERS.items():
        headers[name] = value


class RefuseOddBytesMiddleware:
    """400 for NUL bytes and lone surrogates in the path or the query: PostgreSQL refuses both, long after the form said yes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if _is_odd(request.path) or any(
            _is_odd(key) or any(map(_is_odd, values)) for key, values in request.GET.lists()
        ):
            return HttpResponseBadRequest(render_to_string("400.html"))
        return self.get_response(request)


def _is_odd(text):
    return "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)
