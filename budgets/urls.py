from django.urls import path

from budgets.views import reading, writing

app_name = "budgets"
urlpatterns = [
    path("geld/", reading.town, name="town"),
    path("geld/overzicht.csv", reading.town_csv, name="town_csv"),
    path("geld/budgetten.csv", reading.budgets_csv, name="budgets_csv"),
    path("geld/overboekingen.csv", reading.transfers_csv, name="transfers_csv"),
    path("geld/wijk/<slug:slug>/", reading.neighbourhood, name="neighbourhood"),
    path("geld/wijk/<slug:slug>/overboekingen.csv", reading.neighbourhood_csv, name="neighbourhood_csv"),
    path("geld/wijk/<slug:slug>/projecten.csv", reading.neighbourhood_projects_csv, name="neighbourhood_projects_csv"),
    path("geld/<int:pk>/", reading.budget, name="budget"),
    path("geld/<int:pk>/overboekingen.csv", reading.budget_csv, name="budget_csv"),
    path("geld/<int:pk>/projecten.csv", reading.budget_projects_csv, name="budget_projects_csv"),
    path("geld/nieuw/", writing.create_budget, name="create_budget"),
    path("geld/<int:pk>/verhogen/", writing.raise_budget, name="raise_budget"),
    path("ideeen/<int:pk>/toekennen/", writing.award, name="award"),
    path("ideeen/<int:pk>/betaling/", writing.spend, name="spend"),
    path("overboekingen/<int:pk>/corrigeren/", writing.correct, name="correct"),
    path("ideeen/<int:pk>/afronden/", writing.finish, name="finish"),
    path("ideeen/<int:pk>/stoppen/", writing.cancel, name="cancel"),
]
