"""`make demo`: the whole portal on this machine, with a demo municipality in it.

    demo.py port NUMBER            complain when the port is taken (run before anything is installed)
    demo.py reset NUMBER           throw the demo's database and files away, and make them anew
    demo.py serve NUMBER           prepare what is not there yet, then serve until ctrl-C

Standard library only: the first form runs before any package is there.
"""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None

HOUSE = Path(__file__).resolve().parent.parent
DEMO = HOUSE / "var" / "demo"
LOCK = HOUSE / "var" / "demo.lock"
ADDRESS = "127.0.0.1"


def complain_about_port(text):
    """Return the port as a number; stop with one sentence when it is no port number or somebody listens there."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        sys.exit(f"PORT must be a number between 1 and 65535, not {text!r}.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except PermissionError:
            sys.exit(f"Port {port} needs more rights than you have; choose another one: make demo PORT=8001")
        except OSError:
            other = port + 1 if port < 65535 else 8000
            sys.exit(
                f"Port {port} on {ADDRESS} is taken; stop what runs there or choose another: make demo PORT={other}"
            )
    return port


@contextlib.contextmanager
def alone():
    """Only one demo at a time uses the demo's files: a second one, or a reset under a running one, would spoil them."""
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as file:
        if fcntl:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                sys.exit("The demo is running already; stop it first, with ctrl-C in its own window.")
        yield


def demo_environment(port):
    """The environment of every demo process. Settings that happen to be in the caller's shell do not leak in."""
    DEMO.mkdir(parents=True, exist_ok=True)
    key_file = DEMO / "secret-key"
    if not key_file.exists():
        with open(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "wijkportaal.settings",
        "DEMO": "1",
        "DEBUG": "0",
        "SECRET_KEY": key_file.read_text(),
        "SITE_URL": f"http://{ADDRESS}:{port}",
        "ALLOWED_HOSTS": f"{ADDRESS},localhost",
        "VAR_DIR": str(DEMO),
        "DATABASE_URL": f"sqlite:///{DEMO / 'demo.sqlite3'}",
        "STATIC_ROOT": str(DEMO / "static"),
        "MEDIA_ROOT": str(DEMO / "media"),
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


def static_fingerprint():
    """Changes when a static file of this project, or a package that may bring some, changes."""
    digest = sha256((HOUSE / "requirements.txt").read_bytes())
    for path in sorted((HOUSE / "static").rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(HOUSE)} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()


def manage(environment, *words):
    return [sys.executable, str(HOUSE / "manage.py"), *words], {"cwd": HOUSE, "env": environment}


def prepare(environment):
    """Collected static files beside a migrated and filled database; what is there already stays as it is."""
    stamp = DEMO / "static-fingerprint"
    fingerprint = static_fingerprint()
    collecting = None
    if not (DEMO / "static").exists() or not stamp.exists() or stamp.read_text() != fingerprint:
        command, where = manage(environment, "collectstatic", "--no-input", "--clear", "--verbosity", "0")
        collecting = subprocess.Popen(command, **where)
    try:
        for words in (("migrate", "--no-input", "--verbosity", "0"), ("load_demo",)):
            command, where = manage(environment, *words)
            code = subprocess.run(command, check=False, **where).returncode
            if code:
                sys.exit(f"The demo could not be prepared: manage.py {words[0]} failed (see above).")
        if collecting and collecting.wait():
            sys.exit("The demo could not be prepared: manage.py collectstatic failed (see above).")
        if collecting:
            stamp.write_text(fingerprint)
    finally:
        if collecting and collecting.poll() is None:
            collecting.kill()


def server_command(environment):
    """One process with eight threads: the shape in which SQLite serves most writers with the shortest waits."""
    if os.name != "posix":
        return manage(environment, "runserver", "--noreload", environment["SITE_URL"].removeprefix("http://"))[0]
    words = f"--bind {environment['SITE_URL'].removeprefix('http://')} --worker-class gthread --workers 1 --threads 8"
    quiet = "--log-level warning --no-control-socket --graceful-timeout 3"
    return [sys.executable, "-m", "gunicorn", *words.split(), *quiet.split(), "wijkportaal.wsgi:application"]


def wait_until_it_answers(server, port):
    for _ in range(300):
        if server.poll() is not None:
            return False
        with contextlib.suppress(OSError), socket.create_connection((ADDRESS, port), timeout=1):
            return True
        time.sleep(0.1)
    return False


def reset(port):
    shutil.rmtree(DEMO, ignore_errors=True)
    if DEMO.exists():
        sys.exit(f"{DEMO.relative_to(HOUSE)} could not be removed completely.")
    prepare(demo_environment(port))
    print("The demo is as new. Start it with make demo.")


def serve(port):
    """Run the server and the mail worker until ctrl-C, or until the server stops by itself. Returns the exit code."""
    environment = demo_environment(port)
    prepare(environment)
    # Children in their own session: ctrl-C reaches only this process, which then stops them in order.
    apart = {"cwd": HOUSE, "env": environment, "start_new_session": True}
    server = subprocess.Popen(server_command(environment), **apart)
    worker = subprocess.Popen(manage(environment, "send_mail", "--loop")[0], **apart)

    def leave(number, frame):
        raise KeyboardInterrupt

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)
    try:
        if wait_until_it_answers(server, port):
            print(WELCOME.format(address=environment["SITE_URL"]), flush=True)
        said = False
        while server.poll() is None:
            if worker.poll() is not None and not said:
                print(
                    "The mail worker has stopped; the site goes on without sending mail.", file=sys.stderr, flush=True
                )
                said = True
            time.sleep(0.3)
        return server.returncode or 1
    except KeyboardInterrupt:
        print("\nStopping. What you made in the demo is kept; make demo-reset throws it away.", flush=True)
        return 0
    finally:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_IGN)
        for child in (server, worker):
            if child.poll() is None:
                child.terminate()
        for child in (server, worker):
            try:
                child.wait(timeout=6)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL) if os.name == "posix" else child.kill()


WELCOME = """
Wijkportaal runs at  {address}/      (English: {address}/en/)

What to try:
  1. Choose who you are (Kies wie u bent): a resident, a neighbourhood manager, a councillor, ...
  2. As a resident: write an idea, or support one of somebody else.
  3. As the neighbourhood manager: open the work list, assess an idea and award money to it.
  4. As a councillor: see what happens with the money, down to the single transfer.
  5. Read the mail that each step sends on the page Post.

Nothing leaves this machine. Stop with ctrl-C; start afresh with make demo-reset.
"""


def main(words):
    match words:
        case ["port", port]:
            complain_about_port(port)
        case ["reset", port]:
            with alone():
                reset(int(port))
        case ["serve", port]:
            with alone():
                return serve(complain_about_port(port))
        case _:
            sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
