"""Waivers, settings, baselines and `tierproof diff` as their users meet them, on a shop with faults in files."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.app import collect
from checker.cli.main import application
from checker.collect.aws.settings import LiveSettings
from checker.demo import changes, faults, shop
from checker.demo.account import session_in
from checker.demo.emulator.embedded import embedded

REGION = "us-east-1"
GIT = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
WAIVER = '- {{rule: {rule}, subject: "*", reason: known, owner: web team, until: {until}}}\n'


@dataclass(frozen=True)
class Saved:
    """A snapshot of the shop with faults, its report, and the report as it would be had NET005 found nothing."""

    snapshot: Path
    report: Path
    before: Path


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(application(), [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """Build the shop with faults once and save it."""
    folder = tmp_path_factory.mktemp("saved")
    with embedded(REGION):
        session = session_in(REGION)
        changes.apply(session, shop.build(session, "shop-bad"), faults.CHANGES)
        collect(LiveSettings(regions=(REGION,)), folder / "snapshot", now=datetime(2026, 1, 2, tzinfo=UTC))
    report, before = folder / "report.json", folder / "before.json"
    code, out, _ = run("check", folder / "snapshot", "--format", "json")
    assert code == 1
    report.write_text(out, encoding="utf-8")
    document = json.loads(out)
    for one in document["results"]:
        if one["rule"] == "NET005":
            one.update(verdict="PASS", state=None)
    before.write_text(json.dumps(document), encoding="utf-8")
    return Saved(folder / "snapshot", report, before)


def failing(saved: Saved) -> list[str]:
    document = json.loads(saved.report.read_text(encoding="utf-8"))
    return sorted({one["rule"] for one in document["results"] if one["verdict"] in ("FAIL", "UNKNOWN")})


def test_baseline_of_the_same_faults_leaves_nothing_new(saved: Saved) -> None:
    code, out, _ = run("check", saved.snapshot, "--baseline", saved.report)

    assert code == 0
    assert "FAILED" not in out
    assert out.splitlines()[-1].startswith("NOTHING NEW: 0 failed, 0 unknown,")


def test_baseline_shows_and_counts_only_what_is_new(saved: Saved) -> None:
    code, out, _ = run("check", saved.snapshot, "--baseline", saved.before, "--format", "json")

    document = json.loads(out)
    new = {one["rule"] for one in document["results"] if one["baseline"] == "new"}
    assert (code, new) == (1, {"NET005"})
    assert document["comparison"]["kind"] == "baseline"
    assert document["documents"][-1]["source"] == str(saved.before)


def test_since_tells_the_same_and_counts_everything(saved: Saved) -> None:
    code, out, _ = run("check", saved.snapshot, "--since", saved.report)

    assert code == 1
    assert "0 new since" in out.splitlines()[-1]


def test_waivers_make_the_exit_code_clean_until_they_end(saved: Saved, tmp_path: Path) -> None:
    held, ended = tmp_path / "held.yaml", tmp_path / "ended.yaml"
    held.write_text("".join(WAIVER.format(rule=rule, until="2999-12-31") for rule in failing(saved)), encoding="utf-8")
    ended.write_text("".join(WAIVER.format(rule=rule, until="2000-12-31") for rule in failing(saved)), encoding="utf-8")

    code, out, _ = run("check", saved.snapshot, "--waivers", held, "--format", "json")
    again, text, _ = run("check", saved.snapshot, "--waivers", ended)

    summary = json.loads(out)["summary"]
    assert (code, summary["fail"], summary["unknown"]) == (0, 0, 0)
    assert summary["waived"] >= len(failing(saved))
    assert again == 1
    assert "ended on 2000-12-31" in " ".join(text.split())


@pytest.fixture
def repository(saved: Saved, tmp_path: Path) -> Path:
    """Return a repository whose commit asks one rule and waives it; its working tree asks another."""
    root = tmp_path / "repository"
    shutil.copytree(saved.snapshot, root / "state")
    (root / "tierproof.toml").write_text('select = "NET005"\nwaivers = "waivers.yaml"\n', encoding="utf-8")
    (root / "waivers.yaml").write_text(WAIVER.format(rule="NET005", until="2999-12-31"), encoding="utf-8")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for arguments in (("init", "-q", "-b", "main", "."), ("add", "*.toml", "*.yaml"), ("commit", "-q", "-m", "base")):
        subprocess.run([*GIT, *arguments], cwd=root, env=environment, check=True, capture_output=True, timeout=60)
    (root / "tierproof.toml").write_text('select = "SES001"\n', encoding="utf-8")
    (root / "waivers.yaml").write_text("[]\n", encoding="utf-8")
    return root


def test_base_judges_by_what_was_reviewed(repository: Path) -> None:
    code, out, _ = run("check", repository / "state", "--base", "main", "--format", "json")

    document = json.loads(out)
    assert {one["rule"] for one in document["results"]} == {"NET005"}
    assert (code, document["summary"]["waived"]) == (0, 2)
    kinds = {one["kind"]: one["source"] for one in document["documents"]}
    assert kinds["settings"].startswith("tierproof.toml at ")
    assert kinds["waivers"].startswith("waivers.yaml at ")


def test_blueprint_beside_a_base_is_read_there(repository: Path) -> None:
    mine = repository / "mine.yaml"
    mine.write_text("nonsense", encoding="utf-8")

    code, _, err = run("check", repository / "state", "--base", "main", "--blueprint", mine)

    assert code == 2
    assert "mine.yaml at " in err
    assert "no such file at this revision" in err


def test_options_win_over_settings(repository: Path) -> None:
    mine = repository / "tierproof.toml"

    _, settings, _ = run("check", repository / "state", "--config", mine, "--format", "json")
    _, options, _ = run("check", repository / "state", "--config", mine, "--select", "EDG001", "--format", "json")

    assert {one["rule"] for one in json.loads(settings)["results"]} == {"SES001"}
    assert {one["rule"] for one in json.loads(options)["results"]} == {"EDG001"}


def test_waivers_given_beside_a_base_are_read_there_too(repository: Path) -> None:
    (repository / "waivers.yaml").write_text(WAIVER.format(rule="EDG001", until="2999-12-31"), encoding="utf-8")

    code, out, _ = run(
        *("check", repository / "state", "--base", "main", "--waivers", repository / "waivers.yaml"),
        *("--select", "EDG001", "--format", "json"),
    )

    assert (code, json.loads(out)["summary"]["waived"]) == (1, 0)


def test_settings_in_the_tree_are_told_and_not_used(repository: Path) -> None:
    code, out, err = run("check", repository / "state", "--format", "json")

    assert len({one["rule"] for one in json.loads(out)["results"]}) > 20
    assert code == 1
    assert f"{(repository / 'tierproof.toml').resolve()} was found and not used" in err


@pytest.mark.parametrize(
    ("option", "content"),
    [
        (option, content)
        for option in ("--baseline", "--since", "--waivers", "--config")
        for content in (None, b"", b"\xff\xfe", b"{", b"- [", b"nonsense")
        # Settings may say nothing.
        if (option, content) != ("--config", b"")
    ],
)
def test_bad_file_is_one_clear_error(saved: Saved, tmp_path: Path, option: str, content: bytes | None) -> None:
    file = tmp_path / "given"
    if content is not None:
        file.write_bytes(content)

    code, out, err = run("check", saved.snapshot, option, file)

    assert (code, out) == (2, "")
    assert f"tierproof: {file}" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("option", ["--baseline", "--since", "--waivers", "--config"])
def test_folder_in_the_place_of_a_file(saved: Saved, tmp_path: Path, option: str) -> None:
    code, _, err = run("check", saved.snapshot, option, tmp_path)

    assert code == 2
    assert "this is a folder" in err


def test_report_that_is_cut_off(saved: Saved, tmp_path: Path) -> None:
    text = saved.report.read_text(encoding="utf-8")
    (tmp_path / "cut.json").write_text(text[: len(text) // 2], encoding="utf-8")

    for arguments in (
        ("check", saved.snapshot, "--baseline", tmp_path / "cut.json"),
        ("diff", tmp_path / "cut.json", saved.report),
    ):
        code, _, err = run(*arguments)

        assert code == 2
        assert "the file is cut off" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--base", "no-such-branch"),
        ("--base", "-x"),
        ("--baseline", "{report}", "--since", "{report}"),
    ],
)
def test_options_that_cannot_be_meant(saved: Saved, repository: Path, arguments: tuple[str, ...]) -> None:
    given = [one.format(report=saved.report) for one in arguments]

    code, out, err = run("check", repository / "state", *given)

    assert (code, out) == (2, "")
    assert "tierproof: --ba" in err


def test_diff_of_a_report_and_the_input_it_was_made_from(saved: Saved) -> None:
    code, out, _ = run("diff", saved.report, saved.snapshot)

    assert code == 0
    assert out.splitlines()[-1].startswith("NOTHING NEW: 0 newly failed")


def test_diff_tells_what_is_new_and_what_is_fixed(saved: Saved, tmp_path: Path) -> None:
    code, out, _ = run("diff", saved.before, saved.report, "--format", "json")
    back, text, _ = run(
        "diff", saved.report, saved.before, "--format", "text", "--format", f"json={tmp_path / 'd.json'}"
    )

    document = json.loads(out)
    assert (code, {one["rule"] for one in document["results"] if one["trend"] == "new"}) == (1, {"NET005"})
    assert document["old"]["sha256"] != document["new"]["sha256"]
    assert back == 0
    assert "FIXED" in text
    assert json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))["summary"]["fixed"] == 2


def test_diff_is_the_same_twice(saved: Saved) -> None:
    first, second = (run("diff", saved.before, saved.report, "--format", "json") for _ in range(2))

    assert first == second


@pytest.mark.parametrize("name", ["missing.json", ""])
def test_diff_of_what_is_not_there(saved: Saved, tmp_path: Path, name: str) -> None:
    code, out, err = run("diff", tmp_path / name, saved.report)

    assert code in (2, 3)
    assert out == ""
    assert str(tmp_path) in err


@pytest.mark.parametrize(
    "options", [("--ignore", "NET005"), ("--waivers", "w.yaml"), ("--var", "a=b"), ("--all-stacks",)]
)
def test_diff_ignores_no_option_in_silence(saved: Saved, options: tuple[str, ...]) -> None:
    code, out, err = run("diff", saved.before, saved.report, *options)

    assert (code, out) == (2, "")
    assert "both are reports" in err


def test_diff_has_no_other_formats(saved: Saved) -> None:
    code, _, err = run("diff", saved.report, saved.report, "--format", "csv")

    assert code == 2
    assert "give text or json" in err
