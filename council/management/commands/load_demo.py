"""Fill an empty database with Voorbeeldstad."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from council.demo_town.build import build, is_built


class Command(BaseCommand):
    help = "Make the demo town, once: when there is a town already, nothing changes."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("The demo town only lives where DEMO=1: its people can be signed in as by anyone.")
        if is_built():
            self.stdout.write("The demo town is there already; nothing was changed.")
            return
        build(timezone.now())
        self.stdout.write("Voorbeeldstad is ready.")
