"""The outbox: a mail is told once, never lost, and never about something that did not happen."""

import datetime
import signal
import smtplib
import threading
import time
from io import StringIO

import pytest
from django.core import mail as django_mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from accounts import mail as outbox
from accounts.mail import CLAIM, MAX_ATTEMPTS, queue_mail, send_waiting
from accounts.models import Mail
from proposals import actions
from tests.factories import make_proposal

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def waiting(db, now):
    """One mail that waits."""
    return Mail.objects.create(
        to="noor@example.org", about="test:1", subject="Dag", body="Tekst\n", created_at=now, not_before=now
    )


def refuse(*args, **kwargs):
    raise smtplib.SMTPServerDisconnected("no server")


# --- Told once, in the transaction of the deed ------------------------------------------------------------------------


def test_nobody_gets_two_mails_about_the_same(published, ria, now):
    Mail.objects.all().delete()
    for _ in range(2):
        queue_mail("invitation", [ria, ria, ria.email], about="test:1", now=now, proposal=published)
    assert Mail.objects.count() == 1


def publish_and_fail(proposal, wim, now):
    with transaction.atomic():
        actions.publish_proposal(proposal, actor=wim, now=now)
        assert Mail.objects.count() == 1, "the control: the deed did write a mail"
        raise DatabaseError


def test_without_a_deed_there_is_no_mail(ria, wim, centrum, now):
    proposal = make_proposal(ria, centrum, "submitted", manager=wim)
    Mail.objects.all().delete()
    with pytest.raises(DatabaseError):
        publish_and_fail(proposal, wim, now)
    assert Mail.objects.count() == 0


def test_who_has_no_account_any_more_gets_nothing(published, ria, now):
    Mail.objects.all().delete()
    ria.is_active = False
    queue_mail("proposal_join", [ria], about="test:1", now=now, proposal=published)
    assert Mail.objects.count() == 0


# --- Sent -------------------------------------------------------------------------------------------------------------


def test_a_waiting_mail_is_sent_once(waiting, now):
    assert send_waiting(now=now) == (1, 0)
    assert send_waiting(now=now + CLAIM * 10) == (0, 0)
    [message] = django_mail.outbox
    assert (message.to, message.subject, message.body) == (["noor@example.org"], "Dag", "Tekst\n")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_mail_is_not_lost_when_the_worker_dies_between_handing_over_and_marking(waiting, now, monkeypatch):
    monkeypatch.setattr(Mail, "save", lambda *args, **kwargs: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        send_waiting(now=now)
    monkeypatch.undo()
    assert send_waiting(now=now) == (0, 0), "another worker doesn't touch a claimed mail"
    assert send_waiting(now=now + CLAIM) == (1, 0), "after the claim it goes out again"
    first, second = django_mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"], "so that a mail server can see it"


def test_a_mail_is_not_lost_when_the_worker_dies_before_handing_over(waiting, now, monkeypatch):
    monkeypatch.setattr(outbox, "_message", lambda mail: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        send_waiting(now=now)
    monkeypatch.undo()
    assert django_mail.outbox == []
    assert send_waiting(now=now + CLAIM) == (1, 0)


def test_a_refusing_server_makes_a_mail_wait_longer_each_time_and_then_it_is_given_up(waiting, now, monkeypatch):
    monkeypatch.setattr(django_mail.EmailMessage, "send", refuse)
    moment = now
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert send_waiting(now=moment) == (0, 1)
        waiting.refresh_from_db()
        assert waiting.attempts == attempt
        assert "no server" in waiting.last_error
        pause = waiting.not_before - moment
        assert pause == MINUTE * 2 ** (attempt - 1)
        assert send_waiting(now=moment + pause - MINUTE / 60) == (0, 0), "not a second too early"
        moment += pause
    assert waiting.given_up_at
    assert send_waiting(now=moment + MINUTE * 10_000) == (0, 0)


def test_after_a_refusal_it_still_arrives(waiting, now, monkeypatch):
    monkeypatch.setattr(django_mail.EmailMessage, "send", refuse)
    send_waiting(now=now)
    monkeypatch.undo()
    assert send_waiting(now=now + MINUTE) == (1, 0)
    waiting.refresh_from_db()
    assert waiting.sent_at
    assert waiting.last_error == ""


def test_one_bad_mail_does_not_hold_up_the_others(waiting, now, monkeypatch):
    Mail.objects.create(to="b@example.org", about="b", subject="B", body="b", created_at=now, not_before=now)
    whole = outbox._message
    monkeypatch.setattr(outbox, "_message", lambda mail: refuse() if mail.pk == waiting.pk else whole(mail))
    assert send_waiting(now=now) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("claimed", [True, False], ids=["claims", "control: no claims"])
def test_two_workers_at_once_send_nothing_twice(town, now, monkeypatch, claimed):
    Mail.objects.bulk_create(
        Mail(to=f"p{n}@example.org", about="test", subject=str(n), body="x", created_at=now, not_before=now)
        for n in range(20)
    )
    handed_over, lock = [], threading.Lock()

    def slow_send(message, **kwargs):
        time.sleep(0.01)
        with lock:
            handed_over.append(message.to[0])

    monkeypatch.setattr(django_mail.EmailMessage, "send", slow_send)
    if not claimed:
        monkeypatch.setattr(outbox, "CLAIM", -MINUTE)

    def work():
        try:
            send_waiting(now=now)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(set(handed_over)) == 20
    assert (len(handed_over) == 20) is claimed


# --- The command -------------------------------------------------------------------------------------------------------


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("send_mail", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_sends_what_waits_and_stops(waiting):
    assert run() == ("1 mail sent.\n", "")
    assert run() == ("", "")


def test_the_command_says_in_one_line_what_failed(waiting, monkeypatch):
    monkeypatch.setattr(django_mail.EmailMessage, "send", refuse)
    _, said = run()
    assert said == "1 mail could not be sent; they wait and are tried again.\n"


def test_the_command_refuses_a_pause_of_nothing(db):
    with pytest.raises(CommandError, match="more than zero"):
        run("--loop", "--every", "0")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_loop_stops_cleanly_when_told(waiting, number):
    keep = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    timer = threading.Timer(0.3, lambda: signal.raise_signal(number))
    timer.start()
    try:
        said, _ = run("--loop", "--every", "0.05")
    finally:
        timer.join()
        for name, handler in keep.items():
            signal.signal(name, handler)
    assert said == "1 mail sent.\n"


def test_the_loop_outlives_a_hiccup_of_the_database(waiting, monkeypatch):
    from accounts.management.commands import send_mail

    answers = iter([DatabaseError("server closed the connection\nunexpectedly"), (1, 0), (0, 0)])

    def hiccup(**kwargs):
        try:
            answer = next(answers)
        except StopIteration:
            signal.raise_signal(signal.SIGTERM)
            return 0, 0
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(send_mail, "send_waiting", hiccup)
    monkeypatch.setattr(send_mail.connection, "close", lambda: None)
    keep = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        said, complained = run("--loop", "--every", "0.01")
    finally:
        for name, handler in keep.items():
            signal.signal(name, handler)
    assert said == "1 mail sent.\n"
    assert complained.count("\n") == 1
    assert "server closed the connection" in complained


@pytest.mark.parametrize(("minutes", "is_late"), [(14, False), (16, True)])
def test_check_fails_when_a_mail_waits_longer_than_a_quarter_of_an_hour(waiting, minutes, is_late):
    Mail.objects.update(created_at=timezone.now() - minutes * MINUTE)
    if is_late:
        with pytest.raises(CommandError, match=r"1 mail\(s\) wait longer"):
            run("--check")
    else:
        assert run("--check")[0] == "No mail waits longer than 15 minutes.\n"
    assert django_mail.outbox == []


def test_check_does_not_mind_sent_and_given_up_mail(waiting, now):
    Mail.objects.update(sent_at=now)
    run("--check")
    Mail.objects.update(sent_at=None, given_up_at=now)
    run("--check")
