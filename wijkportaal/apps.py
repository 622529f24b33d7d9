from django.apps import AppConfig, apps
from django.core.checks import Tags, register
from django.core.management import call_command
from django.db.models.signals import post_migrate


class WijkportaalConfig(AppConfig):
    name = "wijkportaal"

    def ready(self):
        from wijkportaal import append_only, checks

        post_migrate.connect(append_only.install_after_migrate, dispatch_uid="append_only")
        # Sent once per app that has tables, which this one has not: so it listens to that of the accounts.
        post_migrate.connect(_make_cache_table, sender=apps.get_app_config("accounts"), dispatch_uid="cache_table")
        register(checks.check_demo, Tags.security)


def _make_cache_table(using, **kwargs):
    """Rate limits are counted in a table that no model describes."""
    call_command("createcachetable", database=using, verbosity=0)
