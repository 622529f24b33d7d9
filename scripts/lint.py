"""`make lint`: everything that a machine can say about the code without running the tests.

    lint.py [--strict] [NAME ...]     all checks, or the named ones; --strict (or CI=true) wants gettext to be there

Each check is one command or one function; all are run, and the ones that found something are named at the end.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# Settings as a production site has them; nothing is connected to.
PRODUCTION = {
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": "check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "SITE_URL": "https://wijkportaal.example",
    "ALLOWED_HOSTS": "wijkportaal.example",
    "TRUSTED_PROXY_COUNT": "1",
    "DEFAULT_FROM_EMAIL": "Wijkportaal <noreply@wijkportaal.example>",
    "EMAIL_HOST": "mail.example",
    "EMAIL_USE_TLS": "1",
}


def run(*words, environment=None):
    """Run a command in the house; its output is shown only when it fails. Returns the list of complaints."""
    done = subprocess.run(
        words, cwd=HOUSE, env=os.environ | (environment or {}), capture_output=True, text=True, check=False
    )
    return [] if done.returncode == 0 else [(done.stdout + done.stderr).strip() or f"exit code {done.returncode}"]


def manage(*words):
    with tempfile.TemporaryDirectory() as place:
        production = PRODUCTION | {"VAR_DIR": place, "DATABASE_URL": f"sqlite:///{place}/lint.sqlite3"}
        production["DJANGO_SETTINGS_MODULE"] = "wijkportaal.settings"
        return run(sys.executable, "manage.py", *words, environment=production)


def tracked_files():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, check=True)
    return [HOUSE / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]


# Written in pieces so that this file does not find itself.
NOT_FOR_THE_REPOSITORY = re.compile(
    "|".join(
        (
            r"--(?:extra-)?index-" + "url",
            r"--find-" + r"links\s",
            r'registry = "' + "http",
            r'"resolved": "' + "http",
            r"pythonhosted\." + "org",
            r"registry\.npmjs\." + "org",
            r"/home/" + r"[a-z]+/",
            r"/" + r"root/",
            r"/Users/" + r"[A-Za-z]+/",
            re.escape(f"{HOUSE}/"),
        )
    )
)


def check_places(files=None):
    """No registry host and no path of somebody's machine: they would tie everyone to one place."""
    complaints = []
    for path in files or tracked_files():
        if not path.is_file() or path.suffix in {".mo", ".woff2", ".png", ".jpg", ".webp", ".ico"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if found := NOT_FOR_THE_REPOSITORY.search(line):
                name = path.relative_to(HOUSE) if path.is_relative_to(HOUSE) else path
                complaints.append(f"{name}:{number}: {found[0]!r} ties the code to one machine or registry")
    return complaints


def check_messages():
    if not shutil.which("xgettext") and "--strict" not in sys.argv and os.environ.get("CI") != "true":
        print("  (gettext is not here: the translations are not compared with the sources)")
    return run(sys.executable, "scripts/check_messages.py", *(["--strict"] if "--strict" in sys.argv else []))


CHECKS = {
    "ruff": lambda: run(BIN / "ruff", "check", "--quiet", "."),
    "layout": lambda: run(BIN / "ruff", "format", "--check", "--quiet", "--diff", "."),
    "templates": lambda: run(BIN / "djlint", "--lint", "--quiet", "templates"),
    "imports": lambda: run(BIN / "lint-imports"),
    "migrations": lambda: manage("makemigrations", "--check", "--dry-run"),
    "deploy": lambda: manage("check", "--deploy", "--fail-level", "WARNING"),
    "messages": check_messages,
    "places": check_places,
}


def main(words):
    names = [word for word in words if not word.startswith("-")] or list(CHECKS)
    if unknown := [name for name in names if name not in CHECKS]:
        sys.exit(f"Unknown check {unknown[0]!r}; there are: {', '.join(CHECKS)}")
    failed = []
    for name in names:
        started = time.monotonic()
        complaints = CHECKS[name]()
        print(f"{'FAILED' if complaints else 'ok':6} {name} ({time.monotonic() - started:.1f} s)", flush=True)
        if complaints:
            failed.append(name)
            print("\n".join(complaints), flush=True)
    if failed:
        print(
            f"\nLint found something in: {', '.join(failed)}. One again: scripts/lint.py {failed[0]}", file=sys.stderr
        )
        return 1
    print(f"Lint: {len(names)} checks, nothing found.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
