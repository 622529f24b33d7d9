"""Read wijken and their borders from a GeoJSON file."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from neighbourhoods import actions
from neighbourhoods.geo import GeoError, read_features, simplify


class Command(BaseCommand):
    help = (
        "Make or update wijken from a GeoJSON file: “wijken en buurten” of CBS, or any FeatureCollection of polygons with code and name. "
        "Everything or nothing is read in; a wijk that is not in the file stays."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="the GeoJSON file")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *, file, dry_run, **options):
        try:
            features = simplify(read_features(Path(file).read_bytes()))
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from None
        except GeoError as error:
            raise CommandError(f"{file}: {error}. Nothing was read in.") from None
        try:
            with transaction.atomic():
                made, updated = actions.import_neighbourhoods(features, actor=None, now=timezone.now())
                transaction.set_rollback(dry_run)
        except ValidationError as error:
            raise CommandError(f"{file}: {' '.join(error.messages)} Nothing was read in.") from None
        would = "would be " if dry_run else ""
        self.stdout.write(f"{len(features)} wijken in {file}: {made} {would}made, {updated} {would}updated.")
