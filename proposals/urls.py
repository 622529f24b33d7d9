from django.urls import path

from proposals.views import browse, my_data, project, steps, talk, writing

app_name = "proposals"
urlpatterns = [
    path("ideeen/", browse.list_proposals, name="list"),
    path("ideeen/nieuw/", writing.create, name="create"),
    path("ideeen/<int:pk>/", browse.detail, name="detail"),
    path("ideeen/<int:pk>/wijzigen/", writing.edit, name="edit"),
    path("ideeen/<int:pk>/uitnodigen/", writing.invite, name="invite"),
    path("ideeen/<int:pk>/steunen/", talk.support, name="support"),
    path("ideeen/<int:pk>/steun-intrekken/", talk.unsupport, name="unsupport"),
    path("ideeen/<int:pk>/meedoen/", writing.join, name="join"),
    path("ideeen/<int:pk>/niet-meer-meedoen/", writing.leave, name="leave"),
    path("ideeen/<int:pk>/reageren/", talk.comment, name="comment"),
    path("reacties/<int:pk>/melden/", talk.report_comment, name="report_comment"),
    path("reacties/<int:pk>/verbergen/", talk.hide_comment, name="hide_comment"),
    path("reacties/<int:pk>/laten-staan/", talk.keep_comment, name="keep_comment"),
    path("fotos/<uuid:key>.jpg", browse.photo, name="photo"),
    path("fotos/<uuid:key>-klein.jpg", browse.photo_thumbnail, name="photo_thumbnail"),
    # Steps that need no more than a reason (some not even that): one view for all, by the workflow's table.
    path("ideeen/<int:pk>/insturen/", steps.take_step, {"verb": "submit"}, name="submit"),
    path("ideeen/<int:pk>/intrekken/", steps.take_step, {"verb": "withdraw"}, name="withdraw"),
    path("ideeen/<int:pk>/antwoorden/", steps.take_step, {"verb": "answer"}, name="answer"),
    path("ideeen/<int:pk>/publiceren/", steps.take_step, {"verb": "publish"}, name="publish"),
    path("ideeen/<int:pk>/terugsturen/", steps.take_step, {"verb": "send_back"}, name="send_back"),
    path("ideeen/<int:pk>/vraag-stellen/", steps.take_step, {"verb": "ask"}, name="ask"),
    path("ideeen/<int:pk>/het-kan/", steps.take_step, {"verb": "accept"}, name="accept"),
    path("ideeen/<int:pk>/kan-niet/", steps.take_step, {"verb": "reject"}, name="reject"),
    path("ideeen/<int:pk>/niet-gekozen/", steps.take_step, {"verb": "pass_over"}, name="pass_over"),
    path("ideeen/<int:pk>/opnieuw-bekijken/", steps.take_step, {"verb": "reopen"}, name="reopen"),
    path("ideeen/<int:pk>/notitie/", steps.take_step, {"verb": "note"}, name="note"),
    path("ideeen/<int:pk>/beginnen/", steps.take_step, {"verb": "start"}, name="start"),
    # Steps with a form of their own.
    path("ideeen/<int:pk>/toewijzen/", steps.assign, name="assign"),
    path("ideeen/<int:pk>/kan-het/", steps.assess, name="assess"),
    path("ideeen/<int:pk>/samenvoegen/", steps.merge, name="merge"),
    path("ideeen/<int:pk>/stap-plannen/", project.plan, name="plan"),
    path("stappen/<int:pk>/verzetten/", project.replan, name="replan"),
    path("stappen/<int:pk>/klaar/", project.reach, name="reach"),
    path("ideeen/<int:pk>/nieuws/", project.report, name="report"),
    path("mijn/gegevens/download/", my_data.my_data, name="my_data"),
    path("werklijst/", steps.worklist, name="worklist"),
    path("werklijst/reacties/", talk.reported_comments, name="reported_comments"),
]
