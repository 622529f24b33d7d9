"""The yardstick: Django with nothing but a database and a template, on the same data and the same kind of server."""

from wijkportaal.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare"
MIDDLEWARE = []
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {}}]
