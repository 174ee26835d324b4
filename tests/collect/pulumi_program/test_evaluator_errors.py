"""What went wrong in a program is told by the program's own lines."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("pulumi")
from checker.collect.pulumi_program.evaluator.errors import described
from checker.collect.pulumi_program.evaluator.positions import Positions


def raised(folder: Path, source: str) -> dict[str, object]:
    """Run a module of a project and return what is told of what it raises."""
    path = folder / "shop.py"
    path.write_text(source)
    try:
        exec(compile(source, str(path), "exec"), {})
    except BaseException as error:  # noqa: BLE001 - an exit is one of them
        return described(error, Positions(str(folder)))
    pytest.fail("nothing was raised")


def test_the_traceback_begins_at_the_first_line_of_the_program(tmp_path: Path) -> None:
    told = raised(tmp_path, "def f():\n    raise ValueError('no')\nf()\n")

    assert (told["kind"], told["message"], told["line"]) == ("exception", "ValueError: no", 2)
    assert "shop.py" in told["traceback"]
    assert Path(__file__).name not in told["traceback"]


def test_an_error_within_a_library_is_told_at_the_line_that_called_it(tmp_path: Path) -> None:
    told = raised(tmp_path, "import json\njson.loads('{')\n")

    assert (told["line"], Path(str(told["file"])).name) == (2, "shop.py")


def test_a_missing_key_of_configuration_is_named_in_full(tmp_path: Path) -> None:
    told = raised(tmp_path, "import pulumi\npulumi.Config('shop').require('size')\n")

    assert (told["kind"], told["key"], told["line"]) == ("config", "shop:size", 2)


def test_a_package_that_is_not_there_is_named(tmp_path: Path) -> None:
    told = raised(tmp_path, "import pulumi_nowhere\n")

    assert (told["kind"], told["package"]) == ("import", "pulumi_nowhere")


@pytest.mark.parametrize(("ending", "code"), [("sys.exit()", 0), ("sys.exit(4)", 4), ("sys.exit('no')", "no")])
def test_an_exit_is_told_with_its_code(tmp_path: Path, ending: str, code: object) -> None:
    told = raised(tmp_path, f"import sys\n{ending}\n")

    assert (told["kind"], told["code"]) == ("exit", code)


def test_a_syntax_error_is_told_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "broken_module.py").write_text("x = 1\ndef (:\n")
    told = raised(tmp_path, f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\nimport broken_module\n")
    sys.path.remove(str(tmp_path))

    assert (told["kind"], told["line"], Path(str(told["file"])).name) == ("syntax", 2, "broken_module.py")


def test_what_the_program_refuses_with_pulumis_own_error_is_told_as_such(tmp_path: Path) -> None:
    assert raised(tmp_path, "import pulumi\nraise pulumi.RunError('set a size')\n")["kind"] == "run_error"
