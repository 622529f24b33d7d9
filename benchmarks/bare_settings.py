"""The yardstick: Django with nothing but a database and a template, on the same data and the same kind of server."""

from wijkportaal.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare"
MIDDLEWARE = []
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {}}]
# allauth insists on its middleware, and the yardstick has none.
INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("allauth")]  # noqa: F405
