"""Reading the environment strictly: a wrong value stops the start with one sentence that names it."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_REQUIRED = object()


def env_str(name, default=_REQUIRED):
    """The text of environment variable `name`; without a default it must be set and not empty."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is _REQUIRED:
        raise ImproperlyConfigured(f"Set the environment variable {name}; docs/operations.md says what it is for.")
    return default


def env_bool(name, default):
    """True for 1/true/yes/on, False for 0/false/no/off; anything else is refused."""
    value = os.environ.get(name, "").lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_int(name, default):
    """A whole number of zero or more."""
    value = os.environ.get(name, "")
    if not value:
        return default
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def env_list(name, default):
    """A comma-separated list; spaces around items are dropped."""
    value = os.environ.get(name, "")
    return [item.strip() for item in value.split(",") if item.strip()] if value else default


def read_database_url(url):
    """Turn `sqlite:///relative`, `sqlite:////absolute` or `postgresql://user:pass@host:port/name?option=x` into Django's dict.

    A PostgreSQL socket folder goes in the query: `postgresql:///name?host=/folder`. Raises ImproperlyConfigured for other schemes.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        name = Path(unquote(parts.path[1:]))
        if str(name) in {"", "."}:
            raise ImproperlyConfigured("DATABASE_URL for SQLite must name a file: sqlite:///var/db.sqlite3.")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # Writers queue at BEGIN instead of failing half-way; FULL keeps a committed row through a power cut.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
            },
            # In memory the threads of a live server would share one connection: always a file.
            "TEST": {"NAME": name.with_name(f"test_{name.name}")},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        try:
            port = parts.port
        except ValueError:
            raise ImproperlyConfigured("The port in DATABASE_URL must be a number between 0 and 65535.") from None
        options = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", "") or parts.hostname or "",
            "PORT": options.pop("port", "") or port or "",
            "OPTIONS": options
            | {
                "pool": {"min_size": 1, "max_size": 16, "timeout": 10},
                "options": "-c lock_timeout=5s -c statement_timeout=15s -c idle_in_transaction_session_timeout=30s",
            },
        }
    raise ImproperlyConfigured("DATABASE_URL must start with sqlite:/// or postgresql://.")
