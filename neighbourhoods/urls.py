from django.urls import path

from neighbourhoods import views

app_name = "neighbourhoods"
urlpatterns = [
    path("", views.home, name="home"),
    path("wijken/<slug:slug>/", views.detail, name="detail"),
    path("hoe-werkt-het/", views.how_it_works, name="how_it_works"),
    path("toegankelijkheid/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("thema-<slug:digest>.css", views.theme_css, name="theme_css"),
    # Meetings and rounds, by the wijkmanager.
    path("wijken/<slug:slug>/overleg/nieuw/", views.plan_meeting, name="plan_meeting"),
    path("overleg/<int:pk>/wijzigen/", views.change_meeting, name="change_meeting"),
    path("overleg/<int:pk>/afzeggen/", views.cancel_meeting, name="cancel_meeting"),
    path("wijken/<slug:slug>/ronde/nieuw/", views.plan_round, name="plan_round"),
    path("rondes/<int:pk>/wijzigen/", views.change_round, name="change_round"),
    path("mijn/wijk/", views.choose_home, name="choose_home"),
    # The town's own affairs, by an administrator.
    path("beheer/", views.administration, name="administration"),
    path("beheer/gemeente/", views.change_municipality, name="change_municipality"),
    path("beheer/themas/nieuw/", views.add_theme, name="add_theme"),
    path("beheer/themas/<int:pk>/", views.change_theme, name="change_theme"),
    path("beheer/mensen/", views.people, name="people"),
    path("beheer/mensen/rol-geven/", views.grant_role, name="grant_role"),
    path("beheer/mensen/<int:pk>/beeindigen/", views.end_role, name="end_role"),
    path("beheer/logboek/", views.log, name="log"),
]
