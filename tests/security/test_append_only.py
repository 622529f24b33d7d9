"""What happened stays as it was written: the database itself refuses to change or remove it, whoever asks, and in whatever way."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from budgets.models import BudgetEvent, Transfer
from neighbourhoods.models import NeighbourhoodEvent
from proposals.models import ProposalEvent
from wijkportaal import append_only

GUARDED = [ProposalEvent, NeighbourhoodEvent, BudgetEvent, Transfer]


@pytest.fixture
def rows(project, bea):
    """At least one row in each guarded table."""
    NeighbourhoodEvent.objects.create(kind="change_theme", actor=bea, at=project.created_at)
    for model in GUARDED:
        assert model.objects.exists(), model


def refused(do):
    """Whether the database refuses `do`; what it did is undone either way."""
    try:
        with transaction.atomic():
            do()
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return False


def raw(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def ways(model):
    """Each way there is to change or remove a row."""
    table, row = model._meta.db_table, model._base_manager.first()
    newest = model._base_manager.order_by("-pk").first()
    changes = {
        "save": row.save,
        "update": lambda: model.objects.update(reason="x"),
        "the base manager": lambda: model._base_manager.filter(pk=row.pk).update(reason="x"),
        "bulk_update": lambda: model.objects.bulk_update([row], ["reason"]),
        "an update of what stays the same": lambda: model.objects.update(reason=models.F("reason")),
        "delete of a row": newest.delete,
        "delete of a queryset": lambda: model._base_manager.filter(pk=newest.pk).delete(),
        "delete without asking what hangs on it": lambda: model._base_manager.filter(pk=newest.pk)._raw_delete(
            "default"
        ),
        "SQL update": lambda: raw(f"UPDATE {table} SET reason = 'x'"),
        "SQL update of one row": lambda: raw(f"UPDATE {table} SET at = at WHERE id = {row.pk}"),
        "SQL delete": lambda: raw(f"DELETE FROM {table} WHERE id = {newest.pk}"),
    }
    if connection.vendor == "postgresql":
        changes["truncate"] = lambda: raw(f"TRUNCATE {table} CASCADE")
        changes["upsert"] = lambda: raw(
            f"INSERT INTO {table} SELECT * FROM {table} WHERE id = {row.pk} ON CONFLICT (id) DO UPDATE SET reason = 'x'"
        )
    return changes


def test_these_tables_and_no_others_are_guarded():
    assert set(append_only.append_only_models()) == set(GUARDED)


def test_no_way_to_change_or_remove_a_row_works(rows):
    for model in GUARDED:
        for name, do in ways(model).items():
            assert refused(do), f"{model.__name__}: {name}"


def test_without_the_triggers_each_way_works(rows):
    """Negative control: it is the trigger that refuses, not something else in the way."""
    append_only.remove()
    try:
        for model in GUARDED:
            works = {name for name, do in ways(model).items() if not refused(do)}
            assert {"update", "the base manager", "SQL update"} <= works, model.__name__
    finally:
        append_only.install()


def test_new_rows_can_be_added(rows, project, wim):
    ProposalEvent.objects.create(proposal=project, kind="note", actor=wim, at=project.created_at)


def test_the_check_names_the_trigger_that_is_gone(rows):
    table = Transfer._meta.db_table
    assert [
        error for error in run_checks(databases=["default"], tags=["database"]) if error.id == "wijkportaal.E001"
    ] == []
    raw(f"DROP TRIGGER {table}_refuse_update" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
    problems = [
        error for error in run_checks(databases=["default"], tags=["database"]) if error.id == "wijkportaal.E001"
    ]
    assert [f"{table}_refuse_update" in error.msg for error in problems] == [True]
    append_only.install()
    assert append_only.missing() == []


def test_a_trigger_that_is_switched_off_counts_as_gone(rows):
    if connection.vendor == "postgresql":
        table = Transfer._meta.db_table
        raw(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # what waits for the end of the transaction keeps a table from being altered
        raw(f"ALTER TABLE {table} DISABLE TRIGGER {table}_refuse_delete")
        assert append_only.missing() == [f"{table}_refuse_delete"]


@pytest.mark.django_db(transaction=True)
def test_migrating_puts_back_what_is_gone():
    append_only.remove()
    assert len(append_only.missing()) >= 2 * len(GUARDED)
    call_command("migrate", verbosity=0)
    assert append_only.missing() == []
