"""The site's own settings, in a place that lasts as long as one test run.

`make test` gives DATABASE_URL (a SQLite file, then PostgreSQL). Without it, so that `.venv/bin/pytest tests/proposals` simply
works, the tests make a SQLite file in a temporary folder.
"""

import atexit
import os
import shutil
import tempfile

if "VAR_DIR" not in os.environ:
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="wijkportaal-test-")
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)

os.environ.update(
    SECRET_KEY="tests-need-a-key-and-no-secret-" + "x" * 30,
    DEBUG="0",
    DEMO="0",
    SITE_URL="http://testserver",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    STATIC_ROOT=os.path.join(os.environ["VAR_DIR"], "static"),
    MEDIA_ROOT=os.path.join(os.environ["VAR_DIR"], "media"),
)
os.makedirs(os.environ["STATIC_ROOT"], exist_ok=True)

from wijkportaal.settings import *  # noqa: E402,F403 -- the environment must be ready before it is read
from wijkportaal.settings import STORAGES  # noqa: E402

# Hashed names need a collectstatic first; the tests ask for files by their plain names.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
# One slow hash per login is what production wants and what a suite of a thousand logins does not.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
