"""Take over the ideas of an election held elsewhere."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import transaction
from django.utils import timezone

from budgets import elections
from neighbourhoods.models import Neighbourhood
from proposals.pabulib import PabulibError, read_election
from wijkportaal.money import format_euros


class Command(BaseCommand):
    help = "Read a Pabulib file (.pb) and make its projects into published, feasible ideas of a wijk. All or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", help="the .pb file")
        parser.add_argument("--neighbourhood", required=True, metavar="CODE", help="code of the wijk, like WK990001")
        parser.add_argument(
            "--award",
            choices=["recorded", "most-voted"],
            help="also make the file's budget and award the winners that the file records, or the most voted that fit; pass over the rest",
        )

    @no_translations
    def handle(self, *, file, neighbourhood, award=None, **options):
        now = timezone.now()
        place = Neighbourhood.objects.filter(code=neighbourhood).first()
        if place is None:
            codes = (
                ", ".join(Neighbourhood.objects.values_list("code", flat=True)) or "none yet; see import_neighbourhoods"
            )
            raise CommandError(f"There is no wijk with code {neighbourhood}. Known codes: {codes}.")
        try:
            election = read_election(file)
            with transaction.atomic():
                proposals = elections.import_election(election, neighbourhood=place, now=now)
                chosen = []
                if award:
                    choose = elections.recorded_winners if award == "recorded" else elections.most_voted_that_fit
                    chosen = choose(election)
                    budget = elections.make_budget(election, neighbourhood=place, now=now)
                    elections.award(chosen, proposals, election=election, budget=budget, now=now)
                    elections.pass_over_the_rest(proposals, election=election, now=now)
        except OSError as error:
            raise CommandError(f"Can't read {file}: {error.strerror}.") from None
        except PabulibError as error:
            raise CommandError(f"{file}, line {error.line}: {error.reason}. Nothing was imported.") from None
        except elections.NotImported as error:
            raise CommandError(f"{file}: {error}. Nothing was imported.") from None
        except ValidationError as error:
            raise CommandError(f"{file}: {' '.join(error.messages)} Nothing was imported.") from None
        awarded = sum(proposals[pk].estimated_cents for pk in chosen)
        self.stdout.write(
            f"{len(proposals)} ideas in {place}, with the votes of {len(election.ballots)} ballots"
            + (f"; {len(chosen)} awarded, {format_euros(awarded)} in all." if award else ".")
        )
        for remark in election.remarks:
            self.stdout.write(f"Line {remark.line}: {remark.text}")
