"""A wrong value in the environment stops the start with a sentence that names it."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from wijkportaal.env import read_database_url


@pytest.mark.parametrize("port", ["abc", "99999"])
def test_a_port_that_is_none_is_named(port):
    with pytest.raises(ImproperlyConfigured, match="port in DATABASE_URL"):
        read_database_url(f"postgresql://wijk:geheim@db.example:{port}/wijkportaal")
