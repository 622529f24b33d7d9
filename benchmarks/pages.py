"""How fast are the pages? Real servers, real data, and a bare Django view beside them in the same run.

    .venv/bin/python benchmarks/pages.py [--proposals 20000] [--requests 300]

Fills a database of its own (SQLite in a temporary folder, or an empty one given as DATABASE_URL) with 1,000 ideas, measures, adds ideas
up to --proposals and measures again. Each page is asked in turns with the bare view, one request at a time over one connection, by this
process: 2 cores are enough. It prints requests a second, p50 and p99 in milliseconds, queries, bytes (gzipped where the site does so)
and the ratio to the bare view. Figures are only comparable within one run.
"""

import argparse
import contextlib
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"


def environment(folder, **more):
    given = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "DATABASE_URL") if name in os.environ}
    return given | {
        "DJANGO_SETTINGS_MODULE": "wijkportaal.settings",
        "DEMO": "1",
        "SECRET_KEY": "benchmark",
        "VAR_DIR": folder,
        "LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(ROOT),
        **more,
    }


def manage(folder, *arguments):
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(folder),
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextlib.contextmanager
def server(folder, **more):
    """A gunicorn of the shape the operations guide advises for SQLite; gives its port."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    shape = ["--workers", "1", "--threads", "8", "--worker-class", "gthread", "--keep-alive", "30"]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "wijkportaal.wsgi",
        "--bind",
        f"{HOST}:{port}",
        "--log-level",
        "error",
        *shape,
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(folder, **more))
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection((HOST, port), 0.1):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def ask(connection, path, cookie):
    headers = {"Accept-Encoding": "gzip"} | ({"Cookie": cookie} if cookie else {})
    start = time.perf_counter()
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    size = len(response.read())
    if response.status != 200:
        raise SystemExit(f"{path} answered {response.status}")
    return (time.perf_counter() - start) * 1000, size


def side_by_side(port, bare_port, path, requests, cookie=""):
    """Milliseconds of `path` and of the bare view, asked in turns after a warm-up, and the bytes of `path`."""
    page, bare = http.client.HTTPConnection(HOST, port), http.client.HTTPConnection(HOST, bare_port)
    for _ in range(10):
        size = ask(page, path, cookie)[1]
        ask(bare, "/", "")
    times = [(ask(page, path, cookie)[0], ask(bare, "/", "")[0]) for _ in range(requests)]
    return [pair[0] for pair in times], [pair[1] for pair in times], size


PROBE = """
import django; django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from accounts.models import User
from budgets.models import Budget
from neighbourhoods.models import Neighbourhood, Role
from proposals.models import Proposal
client = Client(headers={"host": "127.0.0.1"})
councillor = User.objects.filter(memberships__role=Role.COUNCILLOR, memberships__neighbourhood=None).first()
wijk = Neighbourhood.objects.first()
idea = Proposal.objects.published().filter(comment_count=3, status="published").first()
project = Proposal.objects.filter(status="in_progress").first()
pages = {
    "home": "/",
    "list": "/ideeen/",
    "list of a wijk": f"/ideeen/?wijk={wijk.slug}",
    "list, page 50": "/ideeen/?page=50",
    "search": "/ideeen/?q=bomen",
    "detail": f"/ideeen/{idea.pk}/",
    "project": f"/ideeen/{project.pk}/",
    "wijk": f"/wijken/{wijk.slug}/",
    "money": "/geld/",
    "budget": f"/geld/{Budget.objects.first().pk}/",
}
signed_in = {
    "dashboard (councillor)": "/raad/",
    "detail (councillor)": f"/ideeen/{idea.pk}/",
    "list (councillor)": "/ideeen/",
}
def show(names, user):
    if user:
        client.force_login(user)
    for name, path in names.items():
        client.get(path)
        with CaptureQueriesContext(connection, ) as queries:
            response = client.get(path)
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}" if user else ""
        print("PAGE", name, path, len(queries), cookie, response.status_code, sep="|")
show(pages, None)
show(signed_in, councillor)
"""


def probe(folder):
    """Paths of pages with their number of queries, not from the kept pages, as (name, path, queries, cookie)."""
    env = environment(folder, PAGE_CACHE_SECONDS="0")
    out = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    ).stdout
    return [line.split("|")[1:5] for line in out.splitlines() if line.startswith("PAGE|")]


def measure(folder, size, requests):
    pages = probe(folder)
    print(f"\n{size} ideas, {requests} requests a page, in turns with the bare view")
    header = ("page", "req/s", "p50 ms", "p99 ms", "queries", "bytes", "of bare", "kept: of bare")
    print("{:<24}{:>9}{:>9}{:>9}{:>9}{:>9}{:>10}{:>15}".format(*header))
    with (
        server(folder, PAGE_CACHE_SECONDS="0") as port,
        server(folder) as keeping_port,
        server(folder, DJANGO_SETTINGS_MODULE="benchmarks.bare_settings") as bare_port,
    ):
        found = {}
        for name, path, queries, cookie in pages:
            times, bare, length = side_by_side(port, bare_port, path, requests, cookie)
            ratio = statistics.median(bare) / statistics.median(times)
            kept_ratio = ""
            if not cookie:
                kept, bare, _ = side_by_side(keeping_port, bare_port, path, requests)
                kept_ratio = f"{statistics.median(bare) / statistics.median(kept):.2f}"
            p99 = sorted(times)[int(len(times) * 0.99)]
            row = (
                name,
                f"{1000 / statistics.mean(times):.0f}",
                f"{statistics.median(times):.1f}",
                f"{p99:.1f}",
                queries,
                length,
            )
            print("{:<24}{:>9}{:>9}{:>9}{:>9}{:>9}{:>10}{:>15}".format(*row, f"{ratio:.2f}", kept_ratio), flush=True)
            found[name] = statistics.median(times)
        print(f"{'bare view':<24}{1000 / statistics.mean(bare):>9.0f}{statistics.median(bare):>9.1f}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proposals", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wijkportaal-benchmark-") as folder:
        manage(folder, "migrate")
        manage(folder, "collectstatic", "--no-input")
        manage(folder, "seed_load", "--proposals", "1000", "--users", "5000")
        small = measure(folder, 1000, options.requests)
        manage(folder, "seed_load", "--proposals", str(options.proposals), "--users", "5000")
        large = measure(folder, options.proposals, options.requests)
    print(f"\np50 at {options.proposals} ideas as a share of p50 at 1000:")
    for name in large:
        print(f"{name:<24}{large[name] / small[name]:>9.2f}")


if __name__ == "__main__":
    main()
