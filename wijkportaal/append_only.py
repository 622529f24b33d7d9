"""Tables in which rows can be added, never changed or removed: the database itself refuses, whoever asks.

A guard in Python is walked past by `QuerySet.update`, `_base_manager` and plain SQL, so this is a trigger. SQLite drops the triggers
of a table that a migration rebuilds: they are installed again after every migrate, and a system check names any that is missing.
"""

from django.apps import apps
from django.core import checks
from django.db import DatabaseError, connections, router, transaction

REFUSAL = "This table is append-only."


def append_only(model):
    """Class decorator: mark `model` as append-only."""
    model.is_append_only = True
    return model


def append_only_models():
    """Every concrete model that was marked."""
    return [model for model in apps.get_models() if model.__dict__.get("is_append_only")]


def _statements(vendor, table):
    if vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_refuse_{verb.lower()}"
            yield f'DROP TRIGGER IF EXISTS "{name}"'
            yield f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" BEGIN SELECT RAISE(ABORT, \'{REFUSAL}\'); END'
        return
    yield (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for verb, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = f"{table}_refuse_{verb.lower()}"
        yield f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
        yield f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" FOR EACH {each} EXECUTE FUNCTION refuse_change()'


def install(using="default"):
    """(Re)install the triggers of all marked tables that exist."""
    connection = connections[using]
    # In one transaction: every migrate does this, also beside a running site, and no table is unguarded for a moment.
    with transaction.atomic(using), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in append_only_models():
            if model._meta.db_table in tables and router.allow_migrate_model(using, model):
                for statement in _statements(connection.vendor, model._meta.db_table):
                    cursor.execute(statement)


def remove(using="default"):
    """Take the triggers away; only test tear-down and `flush` need that."""
    connection = connections[using]
    on_table = "" if connection.vendor == "sqlite" else ' ON "{table}"'
    with connection.cursor() as cursor:
        for model in append_only_models():
            table = model._meta.db_table
            for verb in ("update", "delete", "truncate"):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_refuse_{verb}"' + on_table.format(table=table))


def missing(using="default"):
    """Names of triggers that should exist and don't."""
    connection = connections[using]
    verbs = ["update", "delete"] if connection.vendor == "sqlite" else ["update", "delete", "truncate"]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        present = {row[0] for row in cursor.fetchall()}
    wanted = {
        f"{model._meta.db_table}_refuse_{verb}"
        for model in append_only_models()
        if model._meta.db_table in tables
        for verb in verbs
    }
    return sorted(wanted - present)


def install_after_migrate(sender, using, **kwargs):
    install(using)


@checks.register(checks.Tags.database)
def check_triggers(app_configs=None, databases=None, **kwargs):
    """`manage.py check --database default` names tables whose guard is gone."""
    problems = []
    for using in databases or []:
        try:
            names = missing(using)
        except DatabaseError:
            continue
        problems += [
            checks.Error(
                f"The append-only trigger {name} is missing in database {using}.",
                hint="Run manage.py migrate, and find out who removed it.",
                id="wijkportaal.E001",
            )
            for name in names
        ]
    return problems
