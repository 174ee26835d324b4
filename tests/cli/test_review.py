"""A pull request in HCL: inline waivers, lines that move, values that are given."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.cli.main import application

MAIN = """\
provider "aws" {
  region = "eu-west-1"
}

variable "port" {
  type    = number
  default = 80
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "eu-west-1a"
}

resource "aws_subnet" "b" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-west-1b"
}

resource "aws_security_group" "edge" {
  vpc_id = aws_vpc.main.id
}

resource "aws_lb" "shop" {
  name            = "shop"
  subnets         = [aws_subnet.a.id, aws_subnet.b.id]
  security_groups = [aws_security_group.edge.id]
}

resource "aws_lb_target_group" "app" {
  name     = "app"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}

# tierproof:waive EDG001 until=2999-01-31 reason="until the certificate is there" owner=web
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.shop.arn
  port              = var.port
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
"""


@pytest.fixture
def infra(tmp_path: Path) -> Path:
    """Return a folder of HCL with a listener that serves plain HTTP and says so."""
    folder = tmp_path / "infra"
    folder.mkdir()
    (folder / "main.tf").write_text(MAIN, encoding="utf-8")
    return folder


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(application(), [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def of_listener(out: str) -> dict[str, object]:
    (found,) = (one for one in json.loads(out)["results"] if one["rule"] == "EDG001")
    assert isinstance(found, dict)
    return found


def test_inline_waiver_is_honoured_only_where_that_was_asked(infra: Path) -> None:
    code, out, _ = run("check", infra, "--select", "EDG001", "--format", "json")
    asked, waived, _ = run("check", infra, "--select", "EDG001", "--inline-waivers", "--format", "json")

    assert (code, of_listener(out)["verdict"]) == (1, "FAIL")
    assert "1 inline waiver was not honoured" in " ".join(json.loads(out)["notes"])
    assert (asked, of_listener(waived)["verdict"]) == (0, "WAIVED")


def test_malformed_inline_waiver_is_told_with_its_line(infra: Path) -> None:
    text = MAIN.replace("until=2999-01-31", "until=never")
    (infra / "main.tf").write_text(text, encoding="utf-8")
    line = text.splitlines().index(next(one for one in text.splitlines() if "tierproof:waive" in one)) + 1

    code, out, _ = run("check", infra, "--select", "EDG001", "--inline-waivers", "--format", "json")

    assert code == 1
    (note,) = (one for one in json.loads(out)["notes"] if "not honoured" in one)
    assert note.startswith(f"{infra / 'main.tf'}:{line}: ")


def test_waiver_by_address(infra: Path, tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    waiver = "- {rule: EDG001, subject: aws_lb_listener.http, reason: x, owner: web, until: 2999-01-31}\n"
    file.write_text(waiver, encoding="utf-8")

    code, out, _ = run("check", infra, "--select", "EDG001", "--waivers", file, "--format", "json")

    assert (code, of_listener(out)["verdict"]) == (0, "WAIVED")


def test_lines_that_move_and_files_that_are_split_are_nothing_new(infra: Path, tmp_path: Path) -> None:
    run("check", infra, "--format", f"json={tmp_path / 'before.json'}")
    head, _, tail = MAIN.partition("# tierproof")
    (infra / "main.tf").write_text("# more\n\n\n" + head, encoding="utf-8")
    (infra / "listeners.tf").write_text(f"# {tail}", encoding="utf-8")

    code, out, _ = run("check", infra, "--baseline", tmp_path / "before.json")
    differs, text, _ = run("diff", tmp_path / "before.json", infra)

    assert (code, differs) == (0, 0), out + text
    assert "NEW\n" not in text


def test_fault_that_the_pull_request_adds_is_new(infra: Path, tmp_path: Path) -> None:
    run("check", infra, "--format", f"json={tmp_path / 'before.json'}")
    second = MAIN.partition("# tierproof")[2].replace('"http"', '"more"').replace("var.port", "8081")
    (infra / "more.tf").write_text(f"# {second}", encoding="utf-8")

    code, out, _ = run("diff", tmp_path / "before.json", infra, "--format", "json")

    new = [one["new"] for one in json.loads(out)["results"] if one["trend"] == "new"]
    assert code == 1
    assert "aws_lb_listener.more" in {one["subject"]["address"] for one in new}


def test_values_of_variables_reach_the_source(infra: Path, tmp_path: Path) -> None:
    values = tmp_path / "more.tfvars"
    values.write_text("port = 8443\n", encoding="utf-8")

    for arguments, port in ((("--var", "port=8081"), 8081), (("--var-file", values), 8443)):
        _, out, _ = run("check", infra, "--select", "EDG001", "--format", "json", *arguments)

        assert of_listener(out)["subject"]["name"] == f"shop:{port}"  # type: ignore[index]  # a mapping


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--var", "port"), "'port' gives no value"),
        (("--var", "=80"), "'=80' gives no value"),
        (("--var-file", "missing.tfvars"), "there is no such file"),
        (("--var-file", "."), "this is a folder"),
        (("--hcl", "missing"), "there is no such folder"),
        (("--base", "main"), "no git repository"),
    ],
)
def test_options_that_cannot_be_meant(
    infra: Path, arguments: tuple[str, ...], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(infra)

    code, out, err = run("check", infra, *arguments)

    assert (code, out) == (2, "")
    assert what in err
