"""Putting the guards of the append-only tables back never leaves them off."""

import pytest
from django.db import DatabaseError

from wijkportaal import append_only


@pytest.mark.django_db
def test_an_installation_that_fails_half_way_leaves_the_guards_that_were_there(monkeypatch):
    def broken(vendor, table):
        yield from (line for line in statements(vendor, table) if line.startswith("DROP"))
        yield "this is no SQL"

    statements = append_only._statements
    monkeypatch.setattr(append_only, "_statements", broken)
    with pytest.raises(DatabaseError):
        append_only.install()
    assert append_only.missing() == []
