"""The door for gunicorn."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wijkportaal.settings")
application = get_wsgi_application()

from wijkportaal.checks import check_demo  # noqa: E402 - settings first

# A server runs no system checks; this one decides whether strangers can be anyone, so it is asked at the door as well.
for problem in check_demo():
    raise ImproperlyConfigured(f"{problem.msg} {problem.hint}")
