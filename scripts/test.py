"""`make test`: the suite on SQLite and on a throw-away PostgreSQL, and in a browser, with whatever this machine has.

    scripts/test.py [--strict] [--no-postgresql] [--no-browser] [--fsync] [--] [pytest arguments]

--strict (or CI=true) fails when anything was left out; --fsync lets PostgreSQL write through to the disk, for crash tests.
Both databases run at the same time, each in its own process; the browser tests run on one of them, PostgreSQL if it is there.
Runs on the Python of the project's virtual environment; needs nothing but pytest from it.
"""

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))

from conftest import find_chromium  # noqa: E402 -- the same search as the tests themselves

NOTHING_SELECTED = 5  # pytest's exit code when no test was left after selection
GET_POSTGRESQL = "install PostgreSQL's server (Debian: apt-get install postgresql)"
GET_CHROMIUM = "install Chromium (Debian: apt-get install chromium)"


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


def find_postgresql():
    """The folder with initdb and postgres in it, the newest where there are more; None when there is none."""
    folders = []
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(installed, key=lambda path: float(path.parent.name), reverse=True)
    if config := shutil.which("pg_config"):
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip() or "."))
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def other_user():
    """What a subprocess needs to stop being root: PostgreSQL refuses to run as root. Empty for everyone else."""
    if os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL can not run as root, and there is no user postgres or nobody to run it as.")


@contextlib.contextmanager
def throwaway_postgresql(programs, *, fsync):
    """A cluster of its own in a temporary folder, reached through a socket in that folder; gone afterwards.

    Yields the DATABASE_URL. Raises RuntimeError with PostgreSQL's own words when it does not start.
    """
    # A socket's path may have some 100 characters: the longer temporary folders of some systems do not fit.
    place = Path(tempfile.mkdtemp(prefix="wijkportaal-pg-", dir="/tmp" if Path("/tmp").is_dir() else None))  # noqa: S108
    user = other_user()
    server = None
    try:
        if user:
            os.chown(place, user["user"], user["group"])
        run = {"cwd": place, "env": {"PATH": os.environ["PATH"], "HOME": str(place)}, **user}
        made = None
        for locale in ("C.UTF-8", "C"):
            words = [
                "-D",
                place / "data",
                "-U",
                "wijkportaal",
                "-A",
                "trust",
                "-E",
                "UTF8",
                f"--locale={locale}",
                "--no-sync",
            ]
            made = subprocess.run([programs / "initdb", *words], capture_output=True, text=True, check=False, **run)
            if made.returncode == 0:
                break
            shutil.rmtree(place / "data", ignore_errors=True)
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr.strip()[-600:]}")
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(place),
            "max_connections": "200",
            "fsync": "on" if fsync else "off",
            "synchronous_commit": "on" if fsync else "off",
            "full_page_writes": "on" if fsync else "off",
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (place / "log").open("w") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", place / "data", *words],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **run,
            )
        make = "CREATE DATABASE wijkportaal"
        for _ in range(150):
            # A single connection proves that it takes connections, and makes the database that Django names at start.
            if _say(place, make) or server.poll() is not None:
                break
            time.sleep(0.1)
        else:
            raise RuntimeError("PostgreSQL did not take connections within 15 seconds.")
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL stopped: {(place / 'log').read_text()[-600:]}")
        yield f"postgresql://wijkportaal@/wijkportaal?host={place}"
    finally:
        if server and server.poll() is None:
            server.send_signal(signal.SIGQUIT)  # immediate: nothing in it has to be kept
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(place, ignore_errors=True)


def _say(place, statement):
    import psycopg

    try:
        with psycopg.connect(host=str(place), user="wijkportaal", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)
    except psycopg.OperationalError:
        return False
    return True


# --- Running ---------------------------------------------------------------------------------------------------------


class Run:
    """One pytest process. Its output is kept; the first of two is also shown while it goes on."""

    def __init__(self, name, database_url, arguments, *, browser, place, live):
        self.name = name
        self.lines = []
        self.live = live
        self.seconds = 0.0
        environment = os.environ | {
            "DATABASE_URL": database_url,
            "VAR_DIR": str(place),
            "TEST_BROWSER": "1" if browser else "0",
            "PYTHONUNBUFFERED": "1",
            "COLUMNS": os.environ.get("COLUMNS", "120"),
        }
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
            cwd=HOUSE, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)
            if self.live:
                sys.stdout.write(line)
                sys.stdout.flush()
        self.seconds = time.monotonic() - self.started

    def wait(self):
        code = self.process.wait()
        self.reader.join(timeout=10)
        return code

    def stop(self):
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)

    def summary(self):
        """What pytest's last line counts, like '120 passed, 3 deselected'."""
        words = "passed|failed|errors?|deselected|skipped|no tests ran"
        for line in reversed(self.lines):
            if found := re.match(rf"(?:=+ )?(.*\b(?:{words})\b.*?) in [\d.]+s\b", line):
                return found[1]
        return "no summary"


def total(runs):
    """All runs together, in one line that people and machines can read."""
    count = dict.fromkeys(("passed", "failed", "skipped"), 0)
    for run in runs:
        for number, word in re.findall(r"(\d+) (passed|failed|error|skipped|xfailed)", run.summary()):
            count[{"error": "failed", "xfailed": "skipped"}.get(word, word)] += int(number)
    return "Tests: " + ", ".join(f"{number} {word}" for word, number in count.items())


def closing_line(runs, left_out):
    """The one sentence at the end: what was run, what was not, and how to get it."""
    done = "; ".join(f"{run.name} ({run.summary()}, {run.seconds:.0f} s)" for run in runs)
    missing = "; ".join(f"{what}: {how}" for what, how in left_out) or "nothing"
    return f"Run: {done}. Left out: {missing}."


def run_everything(options, arguments):
    left_out = []
    programs = None if options.no_postgresql else find_postgresql()
    if not programs:
        left_out.append(("PostgreSQL", "drop --no-postgresql" if options.no_postgresql else GET_POSTGRESQL))
    browser = not options.no_browser and bool(find_chromium())
    if not browser:
        left_out.append(("browser tests", "drop --no-browser" if options.no_browser else GET_CHROMIUM))

    runs, codes = [], []
    with contextlib.ExitStack() as stack:
        place = Path(tempfile.mkdtemp(prefix="wijkportaal-test-"))
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        urls = {}
        if programs:
            urls["PostgreSQL"] = stack.enter_context(throwaway_postgresql(programs, fsync=options.fsync))
        urls["SQLite"] = f"sqlite:///{place / 'wijkportaal.sqlite3'}"
        for name, url in urls.items():
            own = place / name.lower()
            own.mkdir()
            first = not runs
            runs.append(Run(name, url, arguments, browser=browser and first, place=own, live=first))
            stack.callback(runs[-1].stop)
        for run in runs:
            codes.append(run.wait())
            if not run.live:
                print(f"\n--- {run.name} (ran at the same time) ---", flush=True)
                sys.stdout.writelines(run.lines)
    if browser:
        runs[0].name += " and browser"
    print(f"\n{total(runs)}\n{closing_line(runs, left_out)}", flush=True)
    if all(code == NOTHING_SELECTED for code in codes):
        return NOTHING_SELECTED
    if any(code not in {0, NOTHING_SELECTED} for code in codes):
        return 1
    if left_out and options.strict:
        print("Strict: nothing may be left out here.", file=sys.stderr)
        return 1
    return 0


def main(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    in_ci = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
    parser.add_argument("--strict", action="store_true", default=in_ci)
    parser.add_argument("--no-postgresql", action="store_true")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--fsync", action="store_true")
    options, arguments = parser.parse_known_args(words)
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]

    def leave(number, frame):
        raise KeyboardInterrupt

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), leave)
    try:
        return run_everything(options, arguments)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the databases made for this run are gone.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
