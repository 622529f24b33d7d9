"""The addresses of the site: Dutch paths, English names. English pages live under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = i18n_patterns(
    path("", include("neighbourhoods.urls")),
    path("", include("accounts.urls")),
    path("", include("proposals.urls")),
    path("", include("budgets.urls")),
    path("", include("council.urls")),
    path("account/", include("allauth.urls")),
    prefix_default_language=False,
)
