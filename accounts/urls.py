from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("mijn/", views.me, name="me"),
    path("mijn/gegevens/", views.profile, name="profile"),
    path("demo/", views.demo_people, name="demo_people"),
    path("demo/post/", views.demo_mail, name="demo_mail"),
    path("demo/post/<int:pk>/", views.demo_mail_detail, name="demo_mail_detail"),
]
