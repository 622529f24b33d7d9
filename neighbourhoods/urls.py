from django.urls import path

from neighbourhoods.views import administration, calendar, files, pages

app_name = "neighbourhoods"
urlpatterns = [
    path("", pages.home, name="home"),
    path("wijken/<slug:slug>/", pages.detail, name="detail"),
    path("hoe-werkt-het/", pages.how_it_works, name="how_it_works"),
    path("toegankelijkheid/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("thema-<slug:digest>.css", files.theme_css, name="theme_css"),
    path(".well-known/security.txt", files.security_txt, name="security_txt"),
    path("robots.txt", files.robots_txt, name="robots_txt"),
    # Meetings and rounds, by the wijkmanager.
    path("wijken/<slug:slug>/overleg/nieuw/", calendar.plan_meeting, name="plan_meeting"),
    path("overleg/<int:pk>/wijzigen/", calendar.change_meeting, name="change_meeting"),
    path("overleg/<int:pk>/afzeggen/", calendar.cancel_meeting, name="cancel_meeting"),
    path("wijken/<slug:slug>/ronde/nieuw/", calendar.plan_round, name="plan_round"),
    path("rondes/<int:pk>/wijzigen/", calendar.change_round, name="change_round"),
    path("mijn/wijk/", calendar.choose_home, name="choose_home"),
    # The town's own affairs, by an administrator.
    path("beheer/", administration.administration, name="administration"),
    path("beheer/gemeente/", administration.change_municipality, name="change_municipality"),
    path("beheer/themas/nieuw/", administration.add_theme, name="add_theme"),
    path("beheer/themas/<int:pk>/", administration.change_theme, name="change_theme"),
    path("beheer/mensen/", administration.people, name="people"),
    path("beheer/mensen/rol-geven/", administration.grant_role, name="grant_role"),
    path("beheer/mensen/<int:pk>/beeindigen/", administration.end_role, name="end_role"),
    path("beheer/logboek/", administration.log, name="log"),
]
