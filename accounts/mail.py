"""The outbox: a mail is a row, written in the transaction of what it tells; a worker sends it (manage.py send_mail).

So a mail is never lost when the process dies between the deed and the mail, never sent about a deed that was rolled back, and the
database refuses a second mail to the same person about the same thing.
"""

import hashlib
import secrets
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import Mail

MAX_ATTEMPTS = 8
CLAIM = timedelta(minutes=5)
TOO_LONG = timedelta(minutes=15)


def queue_mail(name, recipients, *, about, now, **context):
    """Put one mail for each of `recipients` (User objects, or plain addresses) in the outbox.

    `name` is the template `mail/<name>.txt`: its first line is the subject, the rest the body; it gets `recipient`, `site_url` and
    `context`, in the recipient's own language. `about` names the thing that is told (like `proposals.event:12`): nobody gets two mails
    about the same. Demo people and inactive accounts are mailed like others; erased ones have no address and get nothing.
    """
    rows = {}
    for recipient in recipients:
        is_user = hasattr(recipient, "email")
        address = recipient.email if is_user else recipient
        if not address or (is_user and not recipient.is_active):
            continue
        with translation.override(recipient.language if is_user else settings.LANGUAGE_CODE):
            text = render_to_string(
                f"mail/{name}.txt",
                {"recipient": recipient if is_user else None, "site_url": settings.SITE_URL, **context},
            )
        subject, _, body = text.strip().partition("\n")
        rows[address] = Mail(
            to=address,
            recipient=recipient if is_user else None,
            about=about,
            subject=" ".join(subject.split())[:200],
            body=body.strip() + "\n",
            created_at=now,
            not_before=now,
        )
    Mail.objects.bulk_create(rows.values(), ignore_conflicts=True)


def queue_message(message, *, now, sent_at=None):
    """Put a finished EmailMessage in the outbox, a row for each of its addresses; with `sent_at` only to be read there (the demo)."""
    for address in message.to:
        Mail.objects.create(
            to=address,
            about=f"account:{secrets.token_hex(16)}",
            subject=message.subject[:200],
            body=message.body,
            created_at=now,
            not_before=now,
            sent_at=sent_at,
        )


def send_waiting(*, now, limit=100):
    """Send what waits; returns (sent, failed).

    A mail is claimed by moving its `not_before` (one conditional update), handed over outside any transaction, and then marked. So several
    workers may run, no lock is held while a mail server thinks, and the mail of a worker that was killed goes out again when its claim
    ends, with the same Message-ID. A failed mail waits longer each time (1, 2, 4 … minutes) and is given up after MAX_ATTEMPTS.
    All claims of one call run from `now`: a worker beside others asks for one mail at a time (send_mail), so that none outlives its claim.
    """
    sent = failed = 0
    for pk in list(Mail.objects.waiting(now).values_list("pk", flat=True)[:limit]):
        claimed = Mail.objects.waiting(now).filter(pk=pk).update(not_before=now + CLAIM, attempts=F("attempts") + 1)
        if not claimed:
            continue
        mail = Mail.objects.get(pk=pk)
        try:
            _message(mail).send()
        except Exception as error:
            failed += 1
            mail.last_error = f"{type(error).__name__}: {error}".replace("\0", "")[:200]
            mail.not_before = now + timedelta(minutes=2 ** (mail.attempts - 1))
            mail.given_up_at = now if mail.attempts >= MAX_ATTEMPTS else None
        else:
            sent += 1
            mail.sent_at, mail.last_error = now, ""
        mail.save(update_fields=["last_error", "not_before", "given_up_at", "sent_at"])
    return sent, failed


def waiting_too_long(now):
    """Mails that should have gone out by now, oldest first: for monitoring (send_mail --check)."""
    return Mail.objects.filter(sent_at=None, given_up_at=None, created_at__lt=now - TOO_LONG).order_by("id")


def _message(mail):
    digest = hashlib.sha256(f"{mail.pk}:{mail.to}:{mail.about}".encode()).hexdigest()[:32]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{digest}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(mail.subject, mail.body, to=[mail.to], headers=headers, connection=get_connection())


class DemoBackend(BaseEmailBackend):
    """In the demo nothing leaves the machine: the page /demo/post/ shows what is in the outbox.

    Mails of the portal are in the outbox already (they carry its Message-ID); allauth's mails with a code are put there, as sent.
    """

    def send_messages(self, messages):
        for message in messages:
            if "Message-ID" not in message.extra_headers:
                now = timezone.now()
                queue_message(message, now=now, sent_at=now)
        return len(messages)
