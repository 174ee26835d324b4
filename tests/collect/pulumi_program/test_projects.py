"""Project and stack files: what is run, and with which configuration."""

import os
import sys
from pathlib import Path

import pytest

from checker.collect.pulumi_program.interpreter import interpreter
from checker.collect.pulumi_program.project import Project, project
from checker.collect.pulumi_program.source import recognise, suggested
from checker.collect.pulumi_program.stacks import Stack, stack_of
from checker.errors import CheckerError, ConfigurationError, SourceError, UsageError

PYTHON = "name: shop\nruntime: python\n"


def made(folder: Path, file: str = PYTHON, **files: str) -> Project:
    """Return a project in a folder with other files; `Pulumi_dev` is Pulumi.dev.yaml."""
    folder.mkdir(exist_ok=True)
    (folder / "Pulumi.yaml").write_text(file, encoding="utf-8")
    (folder / "__main__.py").touch()
    for name, text in files.items():
        (folder / f"{name.replace('_', '.')}.yaml").write_text(text, encoding="utf-8")
    return project(folder)


def stack(folder: Path, text: str, file: str = PYTHON) -> Stack:
    return stack_of(made(folder, file, Pulumi_dev=text), None)


def test_values_are_the_texts_that_pulumi_gives_a_program(tmp_path: Path) -> None:
    # `pulumi config get` on such a file: scalars as they are written, lists and mappings as JSON with sorted keys.
    found = stack(
        tmp_path,
        """
config:
  aws:region: eu-west-1
  shop:size: 0x10
  shop:version: 1.10
  shop:on: yes
  shop:empty:
  shop:config:old: kept
  shop:list: [1, two, true]
  shop:table: {b: {c: null}, a: 1}
""",
    )

    assert found.config == {
        "aws:region": "eu-west-1",
        "shop:size": "0x10",
        "shop:version": "1.10",
        "shop:on": "yes",
        "shop:empty": "",
        "shop:old": "kept",
        "shop:list": '[1,"two",true]',
        "shop:table": '{"a":1,"b":{"c":null}}',
    }
    assert found.secrets == ()


def test_secrets_are_not_read_and_keep_their_shape(tmp_path: Path) -> None:
    found = stack(
        tmp_path,
        """
encryptionsalt: v1:salt
config:
  shop:password: {secure: v1:ciphertext}
  shop:users: [{name: anna, key: {secure: v1:other}}]
""",
    )

    assert found.config["shop:password"] is None
    assert "ciphertext" not in repr(found) and "other" not in repr(found)
    assert set(found.secrets) == {"shop:password", "shop:users"}
    assert found.shown == {}
    spelled = {found.spelled(which)["shop:users"] for which in ("one", "two")}
    assert len(spelled) == 2 and all(text and text.startswith('[{"key":"secret') for text in spelled)


def test_defaults_of_the_project_are_used_where_the_stack_is_silent(tmp_path: Path) -> None:
    file = f"""{PYTHON}
config:
  aws:region: us-east-1
  size: t3.micro
  count: {{type: integer, default: 3}}
  on: {{type: boolean, default: true}}
  zones: {{type: array, items: {{type: string}}, default: [a, b]}}
  token: {{type: string, secret: true, default: none}}
  gcp:project: {{value: mine}}
"""
    found = stack(tmp_path, "config: {shop:size: m5.large}", file)

    assert found.config == {
        "shop:size": "m5.large",
        "aws:region": "us-east-1",
        "shop:count": "3",
        "shop:on": "true",
        "shop:zones": '["a","b"]',
        "shop:token": "none",
        "gcp:project": "mine",
    }
    assert found.secrets == ("shop:token",)


def test_what_has_no_default_has_to_be_set(tmp_path: Path) -> None:
    file = f"{PYTHON}config:\n  domain: {{type: string}}\n"
    with pytest.raises(ConfigurationError) as raised:
        stack(tmp_path, "config: {}", file)

    assert raised.value.what == "the stack dev does not set domain"
    assert raised.value.where == f"{tmp_path}/Pulumi.yaml:4"
    assert raised.value.hint == "pulumi config set domain VALUE --stack dev"


def test_environments_are_told(tmp_path: Path) -> None:
    assert stack(tmp_path, "environment: [aws/prod, base]").environments == ("aws/prod", "base")
    assert stack(tmp_path, "environment: {imports: [base]}").environments == ("base",)
    assert stack(tmp_path, "config: {}").environments == ()


def test_stack_is_the_one_that_is_named_or_the_only_one(tmp_path: Path) -> None:
    one = made(tmp_path, Pulumi_dev="config: {aws:region: eu-west-1}")

    assert stack_of(one, None).name == "dev"
    assert stack_of(one, "acme/shop/dev").organization == "acme"

    several = made(tmp_path, Pulumi_prod="config: {aws:region: us-east-1}")
    assert stack_of(several, "prod").config == {"aws:region": "us-east-1"}
    with pytest.raises(UsageError) as raised:
        stack_of(several, None)
    assert raised.value.hint == "give --stack with one of dev, prod"
    with pytest.raises(UsageError) as raised:
        stack_of(several, "production")
    assert raised.value.hint == "there are dev, prod"


def test_project_without_a_stack_says_so(tmp_path: Path) -> None:
    found = stack_of(made(tmp_path), None)

    assert (found.name, found.config) == ("dev", {})
    assert "no stack's file" in found.remark
    assert stack_of(project(tmp_path), "qa").name == "qa"


def test_files_of_stacks_may_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.eu.prod.yaml").write_text("config: {aws:region: eu-west-1}", encoding="utf-8")

    assert stack_of(made(tmp_path, f"{PYTHON}stackConfigDir: stacks\n"), None).name == "eu.prod"


BAD = {
    "other runtime": ("name: a\nruntime: nodejs\n", UsageError, "written for nodejs"),
    "no runtime": ("name: a\n", ConfigurationError, "does not say what runs it"),
    "no name": ("runtime: python\n", ConfigurationError, "no name"),
    "no YAML": ("name: a\nruntime: [python\n", ConfigurationError, "not valid YAML"),
    "twice": ("name: a\nname: b\n", ConfigurationError, "given twice"),
    "no mapping": ("- a\n", ConfigurationError, "must be a mapping"),
    "main missing": (f"{PYTHON}main: app\n", ConfigurationError, "app/__main__.py is missing"),
    "no UTF-8": ("name: \udcff\n", ConfigurationError, "not UTF-8"),
    "nested": (f"name: {'[' * 120}{']' * 120}", ConfigurationError, "too much is nested"),
}


@pytest.mark.parametrize("name", BAD)
def test_project_file_that_cannot_be_meant_is_one_error_with_its_line(tmp_path: Path, name: str) -> None:
    text, error, what = BAD[name]
    (tmp_path / "Pulumi.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    (tmp_path / "__main__.py").touch()
    with pytest.raises(error) as raised:
        project(tmp_path)

    assert what in raised.value.what
    assert raised.value.where.rpartition(":")[0] == f"{tmp_path}/Pulumi.yaml"


def test_folder_without_a_project_names_those_below(tmp_path: Path) -> None:
    made(tmp_path / "infra")
    with pytest.raises(SourceError) as raised:
        project(tmp_path)

    assert raised.value.hint == f"there are projects in {tmp_path}/infra"


def test_project_is_not_recognised_but_suggested(tmp_path: Path) -> None:
    made(tmp_path / "infra")

    assert recognise(tmp_path / "infra", ()) is None
    for path in (tmp_path, tmp_path / "infra", tmp_path / "infra" / "Pulumi.yaml"):
        assert "--from pulumi-program" in str(suggested(path))
    made_for_go = tmp_path / "go"
    made_for_go.mkdir()
    (made_for_go / "Pulumi.yaml").write_text("name: a\nruntime: go\n", encoding="utf-8")
    assert "pulumi preview --json" in str(suggested(made_for_go))
    assert suggested(tmp_path / "nowhere") is None


def environment_at(folder: Path, *, has_pulumi: bool) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    (folder / "pyvenv.cfg").write_text(f"home = {Path(sys.base_prefix, 'bin')}\n", encoding="utf-8")
    packages = folder / "lib" / "python3.12" / "site-packages"
    packages.mkdir(parents=True)
    if has_pulumi:
        (packages / "pulumi").mkdir()
    return folder


def test_interpreter_is_the_one_given_the_projects_own_the_one_beside_it_the_active_one_or_ours(
    tmp_path: Path,
) -> None:
    shop = made(tmp_path / "shop")
    active = environment_at(tmp_path / "active", has_pulumi=True)
    given = environment_at(tmp_path / "given", has_pulumi=True)

    assert interpreter(shop, None, {}).path == Path(sys.executable)
    assert interpreter(shop, None, {"VIRTUAL_ENV": str(active)}).environment == active
    beside = environment_at(tmp_path / "shop" / ".venv", has_pulumi=True)
    assert interpreter(shop, None, {"VIRTUAL_ENV": str(active)}).environment == beside
    own = environment_at(tmp_path / "shop" / "env", has_pulumi=True)
    options = "name: shop\nruntime:\n  name: python\n  options: {toolchain: pip, virtualenv: env}\n"
    assert interpreter(made(tmp_path / "shop", options), None, {}).environment == own
    for path in (given, given / "bin" / "python"):
        assert interpreter(project(tmp_path / "shop"), path, {}).environment == given
    assert Path(sys.base_prefix) in interpreter(shop, given, {}).needs


def test_interpreter_without_pulumi_or_none_at_all_is_an_error_that_says_what_to_run(tmp_path: Path) -> None:
    options = "name: shop\nruntime: {name: python, options: {virtualenv: env}}\n"
    shop = made(tmp_path / "shop", options)
    empty = environment_at(tmp_path / "empty", has_pulumi=False)
    cases: dict[Path | None, str] = {
        None: "there is no Python in its virtualenv",
        empty: f"{empty}/bin/python has no package pulumi",
        tmp_path / "nowhere": "there is no such interpreter",
    }

    for given, what in cases.items():
        with pytest.raises(UsageError) as raised:
            interpreter(shop, given, dict(os.environ))
        assert what in raised.value.what
        assert given == tmp_path / "nowhere" or "pulumi install" in raised.value.hint
    assert issubclass(UsageError, CheckerError)
