"""System checks of the whole site."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error

LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1", "testserver"}


def check_demo(app_configs=None, **kwargs):
    """The demo lets anyone be anyone: it may only run on this machine's own address."""
    if settings.DEMO and not {urlsplit(settings.SITE_URL).hostname, *settings.ALLOWED_HOSTS} <= LOCAL_HOSTS:
        return [
            Error(
                "DEMO=1 lets everyone sign in as everyone, and this site is not on a local address.",
                hint="Unset DEMO, or set SITE_URL and ALLOWED_HOSTS to 127.0.0.1.",
                id="wijkportaal.E002",
            )
        ]
    return []
