"""The workshop's own scripts: what they say when something is in the way."""

import importlib.util
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]


def load(name):
    spec = importlib.util.spec_from_file_location(f"workshop_{name}", HOUSE / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(*words, **environment):
    return subprocess.run(
        [str(word) for word in words],
        cwd=HOUSE,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


# --- make demo -------------------------------------------------------------------------------------------------------


def test_a_taken_port_is_one_clear_sentence_before_anything_else():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run("make", "demo", f"PORT={port}", "VENV=no-such-environment")
    assert done.returncode != 0
    sentence = done.stderr.splitlines()[0]
    assert f"Port {port} on 127.0.0.1 is taken" in sentence
    assert "make demo PORT=" in sentence
    assert not (HOUSE / "no-such-environment").exists()


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1", "8000; ls"])
def test_a_port_that_is_none_is_named(port):
    done = run(sys.executable, "scripts/demo.py", "port", port)
    assert done.returncode == 1
    assert done.stderr.startswith("PORT must be a number between 1 and 65535")


def test_the_demo_takes_no_settings_from_the_shell_and_keeps_its_key_to_itself(tmp_path, monkeypatch):
    demo = load("demo")
    monkeypatch.setattr(demo, "DEMO", tmp_path / "demo")
    monkeypatch.setenv("DATABASE_URL", "postgresql://production/")
    monkeypatch.setenv("SECRET_KEY", "production")
    first = demo.demo_environment(8123)
    assert first["DATABASE_URL"] == f"sqlite:///{tmp_path}/demo/demo.sqlite3"
    assert first["SITE_URL"] == "http://127.0.0.1:8123"
    assert first["SECRET_KEY"] == demo.demo_environment(8123)["SECRET_KEY"] != "production"
    assert stat.S_IMODE((tmp_path / "demo" / "secret-key").stat().st_mode) == 0o600


def test_a_second_demo_is_refused_while_the_first_runs(tmp_path, monkeypatch):
    demo = load("demo")
    monkeypatch.setattr(demo, "LOCK", tmp_path / "demo.lock")
    with demo.alone(), pytest.raises(SystemExit, match="running already"), demo.alone():
        pass
    with demo.alone():
        pass


def test_an_old_python_is_one_clear_sentence(tmp_path):
    for name in ("python3", "python"):
        fake = tmp_path / name
        fake.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
        fake.chmod(0o755)
    done = run("/bin/sh", "scripts/find-python", PATH=str(tmp_path), PYTHON="")
    assert done.returncode == 1
    assert done.stderr.startswith("Wijkportaal needs Python 3.11 or newer and found Python 3.9.2")


# --- make test -------------------------------------------------------------------------------------------------------


@pytest.fixture
def runner(monkeypatch):
    """scripts/test.py on a machine with neither PostgreSQL nor Chromium, and with tests that always pass."""
    module = load("test")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(module, "find_postgresql", lambda: None)
    monkeypatch.setattr(module, "find_chromium", lambda: None)

    class Passed:
        live, lines, seconds = True, [], 1.0

        def __init__(self, name, *words, **more):
            self.name = name

        wait = staticmethod(lambda: 0)
        stop = staticmethod(lambda: None)
        summary = staticmethod(lambda: "3 passed")

    monkeypatch.setattr(module, "Run", Passed)
    return module


def test_what_was_left_out_is_said_with_how_to_get_it(runner, capsys):
    assert runner.main([]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("Run: SQLite (3 passed, 1 s). Left out: PostgreSQL: install")
    assert "Chromium" in line


def test_strict_fails_when_something_is_left_out(runner, monkeypatch, capsys):
    assert runner.main(["--strict"]) == 1
    assert "nothing may be left out" in capsys.readouterr().err
    monkeypatch.setenv("CI", "true")
    assert runner.main([]) == 1


def test_strict_passes_when_nothing_is_left_out(runner, monkeypatch, capsys):
    monkeypatch.setattr(runner, "find_chromium", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(runner, "find_postgresql", lambda: Path("/pg"))
    monkeypatch.setattr(
        runner, "throwaway_postgresql", lambda programs, fsync: runner.contextlib.nullcontext("postgresql:///x")
    )
    assert runner.main(["--strict"]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    assert line == "Run: PostgreSQL and browser (3 passed, 1 s); SQLite (3 passed, 1 s). Left out: nothing."


@pytest.mark.parametrize(("code", "expected"), [(0, 0), (1, 1), (2, 1), (5, 5)])
def test_a_failing_run_fails_the_whole(runner, monkeypatch, code, expected):
    monkeypatch.setattr(runner.Run, "wait", staticmethod(lambda: code))
    assert runner.main([]) == expected


@pytest.mark.postgres
def test_the_cluster_is_gone_afterwards_also_after_a_failure():
    runner = load("test")
    places = []

    def fail(url):
        places.append(Path(url.partition("host=")[2]))
        assert any(places[0].iterdir())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), runner.throwaway_postgresql(runner.find_postgresql(), fsync=False) as url:
        fail(url)
    assert not places[0].exists()


# --- make lint -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["--index-" + "url https://mirror.example/simple", "open('/" + "root/x')", "see /home/" + "somebody/code"]
)
def test_a_machine_path_or_a_registry_is_found(tmp_path, line):
    lint = load("lint")
    suspect = tmp_path / "suspect.txt"
    suspect.write_text(f"fine\n{line}\n")
    assert lint.check_places([suspect])[0].startswith(f"{suspect}:2:")


def test_no_requirement_is_without_a_hash_or_with_a_host():
    for path in HOUSE.glob("requirements*.txt"):
        text = path.read_text()
        assert "://" not in text
        pins = [part for part in text.replace("\\\n", " ").splitlines() if part and not part.lstrip().startswith("#")]
        assert pins
        assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)
