"""A form changes what stands on it, and nothing else, whatever is sent along."""

import copy
import datetime
import re
import uuid

import pytest
from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from tests.security.browsing import browsers, post_forms

FROZEN = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)
OUR_APPS = {"accounts", "neighbourhoods", "proposals", "budgets"}
# Volatile without meaning: made anew at each request.
MADE_ANEW = {"key", "last_login", "password", "date_joined"}


def our_models():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OUR_APPS]


def extra_fields():
    """Every name of a column of every table, with a value that would be worth smuggling in."""
    extra = {}
    for model in our_models():
        for field in model._meta.concrete_fields:
            for name in {field.name, field.attname}:
                extra.setdefault(name, _tempting(field))
    return extra | {
        "is_staff": "1", "is_superuser": "1", "groups": "1", "user_permissions": "1", "actor": "1", "next": "https://evil.example/", "verb": "award", "notify": "",
        "instance": "1", "author_id": "1", "published": "1", "free_cents": "1", "now": "2020-01-01",
    }  # fmt: skip


def _tempting(field):
    if field.is_relation:
        last = field.related_model._base_manager.order_by("-pk").first()
        return str(last.pk) if last else "1"
    if field.choices:
        return str(list(dict(field.flatchoices))[-1])
    if isinstance(field, models.BooleanField):
        return "1"
    if isinstance(field, models.DateTimeField):
        return "2020-01-01 12:00"
    if isinstance(field, models.DateField):
        return "2020-01-01"
    if isinstance(field, models.UUIDField):
        return str(uuid.UUID(int=7))
    if isinstance(field, models.IntegerField):
        return "7777"
    if isinstance(field, models.JSONField):
        return '{"kwaad": 1}'
    return "kwaad"


def everything():
    """All rows of all tables, without what differs from one request to the next: new keys are counted, not compared."""
    found, known = {}, {model._meta.db_table: model for model in our_models()}
    for table, model in known.items():
        names = [field.attname for field in model._meta.concrete_fields if field.name not in MADE_ANEW]
        found[table] = {
            row["pk_"]: row
            for row in ({"pk_": row[model._meta.pk.attname], **row} for row in model._base_manager.values(*names))
        }
    return found


def difference(before, after):
    """Rows that are new or changed, with the keys of new rows replaced by their number in the table."""
    new = {table: sorted(set(rows) - set(before[table])) for table, rows in after.items()}
    models_of = {model._meta.db_table: model for model in our_models()}
    result = []
    for table, rows in after.items():
        fields = {field.attname: field for field in models_of[table]._meta.concrete_fields}
        for pk, row in sorted(rows.items(), key=lambda item: str(item[0])):
            if before[table].get(pk) == row:
                continue
            plain = {}
            for name, value in row.items():
                field = fields.get(name)
                target = (
                    table
                    if name == "pk_" or (field and field.primary_key)
                    else field.related_model._meta.db_table
                    if field and field.is_relation
                    else None
                )
                if target in new and value in new[target]:
                    value = f"new {new[target].index(value)}"
                elif isinstance(value, dict | str):
                    value = re.sub(r"\d+", "#", str(value))
                plain[name] = value
            result.append((table, plain))
        result += [(table, f"gone {pk}") for pk in sorted(set(before[table]) - set(rows), key=str)]
    return sorted(result, key=str)


@pytest.fixture
def frozen(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: FROZEN)


def test_fields_that_are_not_on_the_form_change_nothing(world, people, frozen):
    extra, wrong, done, refused = extra_fields(), [], 0, []
    before = everything()
    for name, target, browser, form in list(post_forms(world, people, browsers_of=browsers(people))):
        words = (
            {"email": people["rob"].email, "role": "councillor", "neighbourhood": ""}
            if name == "neighbourhoods:grant_role"
            else {}
        )
        data = {field: value for field, value in form.filled_in(**words).items() if field not in words or words[field]}
        smuggled = {field: value for field, value in extra.items() if field not in form.names}
        if name == "account_login":
            del smuggled["password"]  # whoever sends one signs in with it: that form is on the same page
        honest, status = changes_of(browser, target, data, before)
        hostile, hostile_status = changes_of(browser, target, data | smuggled, before)
        if status != 302:
            refused.append(f"{name}: {status}")
        done += status == 302
        if honest != hostile or status != hostile_status:
            wrong.append(
                f"{name} {target} ({status}/{hostile_status}): {[row for row in hostile if row not in honest][:3]}"
            )
    assert not wrong, "\n".join(wrong)
    assert done >= 30, refused


def changes_of(browser, target, data, before):
    """What a POST changes in all tables, and its status; undone afterwards."""
    browser.client.cookies.pop("messages", None)
    with transaction.atomic():
        response = browser.client.post(target, copy.deepcopy(data))
        after = everything()
        transaction.set_rollback(True)
    return difference(before, after), response.status_code


def test_the_comparison_sees_a_field_that_does_change(world, people, frozen):
    """Negative control: the same form with another value of its own is not the same."""
    before = everything()
    for name, target, browser, form in post_forms(world, people):
        if name == "accounts:profile":
            one, _status = changes_of(browser, target, form.filled_in() | {"name": "Een"}, before)
            two, _status = changes_of(browser, target, form.filled_in() | {"name": "Twee"}, before)
            assert one != two
            return
    pytest.fail("there is no form of one's own name")


def test_a_person_signs_up_as_nobody_special(client, db):
    """Signing up with every field there is gives an account like any other: no role, not in the demo."""
    from django.contrib.auth import get_user_model
    from django.urls import reverse

    client.post(
        reverse("account_signup"),
        extra_fields() | {"email": "slim@example.org", "name": "Slim", "is_demo": "1", "is_active": "0"},
    )
    person = get_user_model().objects.get(email="slim@example.org")
    assert (person.is_demo, person.is_active, person.memberships.count()) == (False, True, 0)
    assert not person.emailaddress_set.filter(verified=True).exists()
