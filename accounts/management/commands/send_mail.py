"""The worker that sends the outbox."""

import signal
import threading

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from accounts.mail import send_waiting, waiting_too_long


class Command(BaseCommand):
    help = "Send the mail that waits in the outbox. With --loop it keeps doing so until it is told to stop (SIGTERM or ctrl-C)."

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="keep running, and look again every few seconds")
        parser.add_argument("--every", type=float, default=3, metavar="SECONDS", help="how long to wait in between (3)")
        parser.add_argument(
            "--check", action="store_true", help="send nothing; fail when a mail waits longer than 15 minutes"
        )

    def handle(self, *, loop, every, check, **options):
        if every <= 0:
            raise CommandError("--every must be more than zero seconds.")
        if check:
            self._check()
            return
        self._stop = threading.Event()
        if loop and threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self._stop.set())
        while not self._stop.is_set():
            try:
                self._send_all()
            except (DatabaseError, InterfaceError) as error:
                if not loop:
                    raise
                self.stderr.write(f"The database did not answer; trying again in {every:g} s: {_first_line(error)}")
                connection.close()
            if not loop:
                break
            self._stop.wait(every)

    def _send_all(self):
        """One mail at a time: a claim starts when its mail does, and a stop never waits for more than one mail."""
        sent = failed = 0
        while not self._stop.is_set():
            now_sent, now_failed = send_waiting(now=timezone.now(), limit=1)
            if not now_sent and not now_failed:
                break
            sent, failed = sent + now_sent, failed + now_failed
        if sent:
            self.stdout.write(f"{sent} mail{'s' if sent > 1 else ''} sent.")
        if failed:
            self.stderr.write(
                f"{failed} mail{'s' if failed > 1 else ''} could not be sent; they wait and are tried again."
            )

    def _check(self):
        late = waiting_too_long(timezone.now())
        oldest = late.first()
        if oldest:
            raise CommandError(
                f"{late.count()} mail(s) wait longer than 15 minutes, the oldest since {oldest.created_at:%Y-%m-%d %H:%M} UTC"
                f" (last error: {oldest.last_error or 'none; does a worker run?'})."
            )
        self.stdout.write("No mail waits longer than 15 minutes.")


def _first_line(error):
    return (str(error).splitlines() or [type(error).__name__])[0]
