"""Which tests can run here: `postgres` tests need PostgreSQL, `browser` tests a Chromium.

What cannot run is deselected, never skipped: the runner (scripts/test.py) says what was left out, once, at the end.
"""

import os
import shutil

import pytest

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium():
    """The path of a Chromium on this machine, or None (also when the runner said that this run leaves the browser out)."""
    if os.environ.get("TEST_BROWSER", "1") == "0":
        return None
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def _is_postgresql():
    from django.conf import settings

    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def pytest_report_header():
    database = "PostgreSQL" if _is_postgresql() else "SQLite, a file"
    return f"wijkportaal: database {database}; browser {find_chromium() or 'none'}"


def pytest_collection_modifyitems(config, items):
    left_out = set()
    if not _is_postgresql():
        left_out.add("postgres")
    if not find_chromium():
        left_out.add("browser")
    if os.environ.get("PROOF") != "1":
        left_out.add("proof")
    kept, dropped = [], []
    for item in items:
        (dropped if any(item.get_closest_marker(name) for name in left_out) else kept).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept
    if any(item.get_closest_marker("browser") for item in items):
        # Playwright's synchronous interface keeps an event loop in this thread; the ORM would refuse to work beside it.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's own Chromium; nothing is downloaded and it asks nothing of the network."""
    return browser_type_launch_args | {
        "executable_path": find_chromium(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session", autouse=True)
def _flush_can_empty_append_only_tables():
    """After a test with real transactions Django empties all tables; the triggers would refuse that, as they should.

    They are away during the flush alone, and back before the next test. The table of the cache has no model, so it is emptied here.
    """
    from django.core.cache import caches
    from django.core.management.commands.flush import Command

    from wijkportaal import append_only

    def flush(self, **options):
        append_only.remove(options["database"])
        try:
            return original(self, **options)
        finally:
            append_only.install(options["database"])
            caches["default"].clear()

    original = Command.handle
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Command, "handle", flush)
        yield
