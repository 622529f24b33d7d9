from django.urls import path

from budgets import views

app_name = "budgets"
urlpatterns = [
    path("geld/", views.town, name="town"),
    path("geld/overzicht.csv", views.town_csv, name="town_csv"),
    path("geld/wijk/<slug:slug>/", views.neighbourhood, name="neighbourhood"),
    path("geld/wijk/<slug:slug>/overboekingen.csv", views.neighbourhood_csv, name="neighbourhood_csv"),
    path("geld/<int:pk>/", views.budget, name="budget"),
    path("geld/<int:pk>/overboekingen.csv", views.budget_csv, name="budget_csv"),
    path("geld/nieuw/", views.create_budget, name="create_budget"),
    path("geld/<int:pk>/verhogen/", views.raise_budget, name="raise_budget"),
    path("ideeen/<int:pk>/toekennen/", views.award, name="award"),
    path("ideeen/<int:pk>/betaling/", views.spend, name="spend"),
    path("overboekingen/<int:pk>/corrigeren/", views.correct, name="correct"),
    path("ideeen/<int:pk>/afronden/", views.finish, name="finish"),
    path("ideeen/<int:pk>/stoppen/", views.cancel, name="cancel"),
]
