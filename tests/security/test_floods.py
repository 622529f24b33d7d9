"""Who writes without end fills no page and no mailbox."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Mail
from proposals import actions
from proposals.models import CoInitiator, Comment, ProgressNote, ProposalEvent
from tests.factories import NOW, make_proposal, make_user

SHORT = datetime.timedelta(microseconds=1)


def test_leaving_and_joining_again_mails_the_initiators_once(published, rob, ria):
    Mail.objects.all().delete()
    for _ in range(5):
        actions.join_proposal(published, actor=rob, now=NOW)
        actions.leave_proposal(published, actor=rob, now=NOW)
    assert Mail.objects.filter(to=ria.email).count() == 1


def test_pressing_support_again_and_again_mails_nobody(published, rob):
    Mail.objects.all().delete()
    for _ in range(5):
        actions.support_proposal(published, actor=rob, now=NOW)
        actions.unsupport_proposal(published, actor=rob, now=NOW)
    assert not Mail.objects.exists()


def test_an_idea_has_room_for_fifty_co_initiators(published, rob, sign_in):
    others = [make_user(f"Mens {number}") for number in range(actions.MAX_CO_INITIATORS)]
    CoInitiator.objects.bulk_create(CoInitiator(proposal=published, user=user, at=NOW) for user in others[:-1])
    actions.join_proposal(published, actor=others[-1], now=NOW)
    with pytest.raises(ValidationError):
        actions.join_proposal(published, actor=rob, now=NOW)
    response = sign_in(rob).post(reverse("proposals:join", args=[published.pk]), follow=True)
    assert "heel veel mensen" in response.content.decode()
    assert not published.co_initiators.filter(user=rob).exists()


def test_a_reaction_has_room_for_a_hundred_replies(published, rob, ria):
    comment = actions.add_comment(published, text="Ja", actor=rob, now=NOW)
    Comment.objects.bulk_create(
        Comment(proposal=published, parent=comment, author=rob, text="Nee", at=NOW)
        for _ in range(actions.MAX_REPLIES - 1)
    )
    actions.add_comment(published, text="De honderdste", parent=comment, actor=ria, now=NOW)
    with pytest.raises(ValidationError):
        actions.add_comment(published, text="Nog een", parent=comment, actor=ria, now=NOW)
    actions.add_comment(published, text="Op het idee zelf kan het", actor=ria, now=NOW)


def test_a_person_places_twenty_reactions_in_ten_minutes(published, rob, ria):
    for number in range(actions.MAX_COMMENTS):
        actions.add_comment(published, text=f"Reactie {number}", actor=rob, now=NOW)
    almost, after = NOW + actions.COMMENTS_WITHIN - SHORT, NOW + actions.COMMENTS_WITHIN
    with pytest.raises(ValidationError):
        actions.add_comment(published, text="Nog een", actor=rob, now=almost)
    actions.add_comment(published, text="Iemand anders", actor=ria, now=almost)
    actions.add_comment(published, text="Na tien minuten", actor=rob, now=after)
    published.refresh_from_db()
    assert published.comment_count == actions.MAX_COMMENTS + 2


def test_a_person_invites_sixty_people_a_day(ria, centrum):
    ideas = [make_proposal(ria, centrum) for _ in range(4)]
    for number, idea in enumerate(ideas[:3]):
        actions.invite(idea, emails=[f"{number}.{who}@example.org" for who in range(20)], actor=ria, now=NOW)
    with pytest.raises(ValidationError):
        actions.invite(ideas[3], emails=["nog.een@example.org"], actor=ria, now=NOW + actions.INVITED_WITHIN - SHORT)
    assert Mail.objects.filter(about__startswith="invitation").count() == actions.MAX_INVITED
    actions.invite(ideas[3], emails=["nog.een@example.org"], actor=ria, now=NOW + actions.INVITED_WITHIN)


def test_who_takes_over_an_address_does_not_get_the_mails_of_who_had_it(client, published, rob, ria):
    actions.add_comment(published, text="Voor Ria", actor=rob, now=NOW)
    address, ria.email = ria.email, "ria.nieuw@example.org"
    ria.save()
    ria.emailaddress_set.update(email=ria.email)
    client.force_login(make_user("Later", email=address))
    assert "Voor Ria" not in client.get(reverse("proposals:my_data")).content.decode()
    client.force_login(ria)
    assert "Voor Ria" in client.get(reverse("proposals:my_data")).content.decode()


def test_a_long_history_is_shown_when_asked(client, published, wim):
    ProposalEvent.objects.bulk_create(
        ProposalEvent(
            proposal=published, kind="ask", to_status="published", actor=wim, reason=f"Vraag {number}.", at=NOW
        )
        for number in range(100)
    )
    address = published.get_absolute_url()
    page, everything = (client.get(address + query).content.decode() for query in ("", "?alles=1"))
    assert "Vraag 99." in page
    assert "Vraag 0." not in page
    assert 'href="?alles=1"' in page
    assert "Vraag 0." in everything
    assert 'href="?alles=1"' not in everything


def test_old_news_is_shown_when_asked(client, project, wim):
    ProgressNote.objects.bulk_create(
        ProgressNote(proposal=project, author=wim, text=f"Bericht {number}.", at=NOW) for number in range(21)
    )
    address = project.get_absolute_url()
    page, everything = (client.get(address + query).content.decode() for query in ("", "?alles=1"))
    assert "Bericht 20." in page
    assert "Bericht 0." not in page
    assert "Bericht 0." in everything
