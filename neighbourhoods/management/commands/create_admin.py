"""The first administrator: someone must be able to give the others their roles."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from neighbourhoods import actions
from neighbourhoods.models import Role


class Command(BaseCommand):
    help = "Give someone the role of administrator; make their account first when there is none. They sign in with a code by e-mail."

    def add_arguments(self, parser):
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True, help="how others see this person on the site")

    def handle(self, *, email, name, **options):
        now = timezone.now()
        try:
            with transaction.atomic():
                user = User.objects.filter(email=email.strip().lower()).first()
                is_new = user is None
                if is_new:
                    user = User.objects.create_user(email, name)
                    # Whoever may run commands on the server vouches for the address.
                    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
                actions.grant_role(
                    user=user,
                    role=Role.MUNICIPAL_ADMIN,
                    neighbourhood=None,
                    starts_on=timezone.localdate(now),
                    actor=None,
                    now=now,
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{user.email} is an administrator{' and has a new account' if is_new else ''}.")
