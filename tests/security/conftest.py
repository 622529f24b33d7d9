"""The world of the matrix (one of everything in two wijken), for tests that attack it."""

import pytest

from tests.security.browsing import browsers
from tests.test_matrix import people, world  # noqa: F401 -- fixtures


@pytest.fixture(autouse=True)
def _no_page_is_kept(settings):
    """Each request is worked out: a kept page would hide what a hostile one does."""
    settings.PAGE_CACHE_SECONDS = 0


@pytest.fixture
def visitors(people):  # noqa: F811
    """A Browser for each person of the matrix, by name."""
    return browsers(people)
