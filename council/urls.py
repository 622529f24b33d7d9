from django.urls import path

from council import views

app_name = "council"
urlpatterns = [
    path("raad/", views.dashboard, name="dashboard"),
    path("raad/wijken.csv", views.neighbourhoods_csv, name="neighbourhoods_csv"),
    path("raad/ideeen/", views.proposals, name="proposals"),
    path("raad/ideeen.csv", views.proposals_csv, name="proposals_csv"),
    path("raad/projecten/", views.projects, name="projects"),
    path("raad/projecten.csv", views.projects_csv, name="projects_csv"),
    path("raad/<slug:slug>/", views.neighbourhood, name="neighbourhood"),
]
