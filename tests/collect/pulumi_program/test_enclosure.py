"""A program that is shut in: what it sees, what it leaves behind, and how it is ended; the programs are hostile."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from checker.collect.enclosure.running import Job, NotEnclosedError, Told, run
from checker.collect.pulumi_program.shelter import environment, hidden

ROOT = Path(__file__).parents[3]
Run = Callable[..., Told]


def job(program: str, project: Path, **changed: object) -> Job:
    # The number of the pipe that it tells on is its last argument.
    given: dict[str, object] = {
        "command": (sys.executable, "-S", "-c", f"import os, sys\n{program}"),
        "document": {},
        "environment": {"PATH": os.environ["PATH"]},
        "project": project,
    }
    return Job(**{**given, **changed})  # type: ignore[arg-type]  # any of its fields


@pytest.fixture
def ran(tmp_path: Path, refusal: str) -> Run:
    def make(program: str, seconds: float = 20, *, enclosed: bool = True, **changed: object) -> Told:
        if enclosed and refusal:
            pytest.skip(refusal)
        project = tmp_path / "project"
        project.mkdir(exist_ok=True)
        [told] = run([job(program, project, **changed)], time.monotonic() + seconds, enclosed=enclosed)
        return told

    return make


def alive(marker: str) -> list[str]:
    """Return the processes whose command line has a word, as anybody on the machine sees them."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and folder.name != str(os.getpid()):
            try:
                words = (folder / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if marker in words:
                found.append(words)
    return found


def left_in(folder: Path) -> list[Path]:
    """Return what we left in a folder for temporary files."""
    return sorted(folder.glob("tierproof-*"))


def within_a_moment(claim: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not claim():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def gone(marker: str) -> bool:
    """Wait a moment for the kernel to end somebody."""
    return within_a_moment(lambda: not alive(marker))


def test_what_it_tells_and_prints_and_how_it_ends_are_kept_apart(ran: Run) -> None:
    told = ran("os.write(int(sys.argv[1]), b'{}\\n'); print('out'); print('err', file=sys.stderr); sys.exit(7)")

    assert (told.lines, told.code, told.stopped) == ([b"{}"], 7, "")
    assert set(told.said.split()) == {"out", "err"}


def test_there_is_no_network_but_itself(ran: Run) -> None:
    told = ran("""
import socket
mine = socket.create_server(("127.0.0.1", 0))
socket.create_connection(mine.getsockname()).close()
print(sorted(name for _, name in socket.if_nameindex()))
try:
    socket.create_connection(("192.0.2.1", 80), timeout=3)
except OSError as error:
    print(error.strerror)
""")

    assert told.said.splitlines() == ["['lo']", "Network is unreachable"]


def test_nothing_is_written_but_what_is_thrown_away(ran: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "temporary"
    own.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "kept").write_text("as it was", encoding="utf-8")
    told = ran(f"""
import pathlib
for path in ({str(tmp_path / "beside")!r}, {str(ROOT / "beside")!r}):
    try:
        pathlib.Path(path).write_text("x")
        print("wrote", path)
    except OSError as error:
        print(error.strerror)
project = pathlib.Path({str(tmp_path / "project")!r})
(project / "kept").write_text("changed")
(project / "new").write_text("new")
(pathlib.Path.home() / "new").write_text("new")
pathlib.Path(os.environ["TMPDIR"], "new").write_text("new")
print((project / "kept").read_text())
""")

    assert told.said.splitlines() == ["Read-only file system", "Read-only file system", "changed"]
    assert {path.name for path in (tmp_path / "project").iterdir()} == {"kept"}
    assert (tmp_path / "project" / "kept").read_text(encoding="utf-8") == "as it was"
    assert not (tmp_path / "beside").exists()
    assert not left_in(own)


def test_processes_of_the_machine_are_not_there_and_nobody_has_power(ran: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "token").write_text("hunter2", encoding="utf-8")
    told = ran(
        f"""
import ctypes
print(sorted(int(name) for name in os.listdir("/proc") if name.isdigit()) in ([1, 2], []))
print(all(int(line.split()[1], 16) == 0 for line in open("/proc/self/status") if line.startswith("Cap")))
libc = ctypes.CDLL(None)
print(libc.umount2({os.fsencode(secret)!r}, 2), os.listdir({str(secret)!r}))
libc.unshare(0x10000000 | 0x00020000)  # a user and mounts of its own, where it is whoever it likes
print(libc.umount2({os.fsencode(secret)!r}, 2), os.listdir({str(secret)!r}))
""",
        hidden=(secret,),
    )

    assert told.said.splitlines() == ["True", "True", "-1 []", "-1 []"]


def test_credentials_are_not_to_be_read(ran: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "credentials").write_text("aws_secret_access_key = hunter2", encoding="utf-8")
    (home / ".netrc").write_text("password hunter2", encoding="utf-8")
    (home / "token").write_text("hunter2", encoding="utf-8")
    given = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AWS_SECRET_ACCESS_KEY": "hunter2",
        "PULUMI_ACCESS_TOKEN": "hunter2",
        "GITHUB_TOKEN": "hunter2",
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(home / "token"),
    }
    covered = hidden(given, [tmp_path / "project", home / "src", Path(sys.prefix), Path(sys.base_prefix)])
    told = ran(
        f"""
for path in (".aws/credentials", ".netrc", "token"):
    try:
        print(repr(open({str(home)!r} + "/" + path).read()))
    except OSError as error:
        print(error.strerror)
print([name for name in os.environ if "hunter2" in os.environ[name]])
print(os.listdir(os.environ["HOME"]))
""",
        environment=environment(given, Path(sys.prefix)),
        hidden=covered,
    )

    assert "hunter2" not in told.said
    assert told.said.splitlines() == ["No such file or directory", "''", "''", "[]", "[]"]


@pytest.mark.parametrize("enclosed", [True, False])
def test_whoever_is_left_behind_is_ended(ran: Run, enclosed: bool) -> None:
    marker = f"left-{uuid4()}"
    sleeper = f"import time, sys; time.sleep(600)  # {marker}"
    told = ran(
        f"""
import subprocess
child = subprocess.Popen([sys.executable, "-S", "-c", {sleeper!r}], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-S", "-c", {sleeper!r}])
    os._exit(0)
os.wait()
os._exit(0)
""",
        enclosed=enclosed,
    )

    assert told.code == 0
    assert alive(marker) == []


@pytest.mark.parametrize("enclosed", [True, False])
def test_one_that_does_not_end_is_ended_with_its_children(ran: Run, enclosed: bool) -> None:
    marker = f"loop-{uuid4()}"
    started = time.monotonic()
    told = ran(
        f"import signal, time; signal.signal(15, signal.SIG_IGN); os.fork()\nwhile True: time.sleep(9)  # {marker}",
        0.6,
        enclosed=enclosed,
    )

    assert told.is_late and told.code is None
    assert time.monotonic() - started < 6
    assert alive(marker) == []


def test_gigabytes_are_read_and_only_the_end_is_kept(ran: Run) -> None:
    told = ran("piece = b'x' * 1_000_000\nfor _ in range(200): os.write(1, piece)\nprint('the end')")

    assert told.code == 0
    assert len(told.said) <= 1 << 16
    assert told.said.endswith("xxx" + "the end\n")


def test_one_that_tells_without_end_is_ended(ran: Run) -> None:
    told = ran("piece = b'x' * 1_000_000\nwhile True: os.write(int(sys.argv[1]), piece)")

    assert told.stopped == "it registers more than can be read"


def test_memory_is_limited(ran: Run) -> None:
    told = ran("x = bytearray(1 << 29)", memory=1 << 28)

    assert told.code == 1
    assert "MemoryError" in told.said


def test_one_that_kills_itself_is_told_by_its_signal(ran: Run) -> None:
    assert ran("os.kill(os.getpid(), 9)").code == -signal.SIGKILL


def test_interpreter_that_cannot_be_started_is_told(ran: Run, tmp_path: Path) -> None:
    told = ran("", command=(str(tmp_path / "nowhere"),))

    assert "nowhere: No such file or directory" in told.stopped


@pytest.mark.parametrize("enclosed", [True, False])
def test_nobody_outlives_us(tmp_path: Path, refusal: str, enclosed: bool) -> None:
    if enclosed and refusal:
        pytest.skip(refusal)
    marker = f"orphan-{uuid4()}"
    host = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from checker.collect.enclosure.running import Job, run
command = (sys.executable, "-S", "-c", "import time, sys; print(1); time.sleep(600)  # {marker}")
job = Job(command=command, document={{}}, environment={{}}, project=Path({str(tmp_path)!r}))
run([job], time.monotonic() + 600, enclosed={enclosed})
"""
    process = subprocess.Popen([sys.executable, "-c", host], env={**os.environ, "TMPDIR": str(tmp_path)})
    deadline = time.monotonic() + 10
    while not any("-S" in words and "Job" not in words for words in alive(marker)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert left_in(tmp_path)
    process.kill()
    process.wait()

    assert gone(marker)
    assert within_a_moment(lambda: not left_in(tmp_path))


def test_where_it_cannot_be_shut_in_it_is_not_run(ran: Run) -> None:
    # Whoever is shut in has no power to shut in anybody else: that machine refuses for real.
    told = ran(f"""
import time
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from checker.collect.enclosure.running import Job, NotEnclosedError, run
job = Job(command=(sys.executable, "-S", "-c", "print('run')"), document={{}}, environment={{}}, project=Path("/usr"))
try:
    print(run([job], time.monotonic() + 20, enclosed=True))
except NotEnclosedError as error:
    print("refused", error)
print(run([job], time.monotonic() + 20, enclosed=False)[0].said)
""")

    first, second, *_ = told.said.splitlines()
    assert first.startswith("refused") and "not permitted" in first
    assert second == "run"
    assert issubclass(NotEnclosedError, OSError)
