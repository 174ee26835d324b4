"""What a file of Terraform's is, in whatever order its keys stand."""

import json
from pathlib import Path

import pytest

from checker.collect.terraform.shapes import Shape, shape_of

VALUES: dict[str, object] = {"root_module": {}}


def written(folder: Path, text: str) -> Path:
    path = folder / "x.json"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        # The checks come before the values, and name the keys of a plan: only a whole reading tells.
        ({"format_version": "1.0", "checks": [{"planned_values": 1}], "values": VALUES}, Shape.STATE),
        ({"format_version": "1.0", "checks": [{"x": "values"}, {"values": 1}], "planned_values": VALUES}, Shape.PLAN),
        ({"configuration": {}, "format_version": "1.2"}, Shape.PLAN),
        ({"values": VALUES, "format_version": "1.0"}, Shape.STATE),
        ({"resources": [{"x": "y" * 9000}], "version": 4, "serial": 1, "lineage": "x"}, Shape.RAW_STATE),
        ({"version": 4, "terraform_version": "1.11.4", "serial": 0, "lineage": "x", "resources": []}, Shape.RAW_STATE),
        # Not of Terraform's: `validate -json` and `providers schema -json`, whose keys are the same in part.
        ({"format_version": "1.0", "valid": True, "values": None}, None),
        ({"format_version": "1.0", "provider_schemas": {"lineage": {}, "serial": {}}}, None),
        ({"version": 4, "resources": [{"lineage": 1, "serial": 1}]}, None),
        ({"version": 4, "serial": None, "lineage": None, "resources": []}, None),
    ],
)
def test_the_keys_at_the_top_tell_what_a_file_is(tmp_path: Path, text: object, shape: Shape | None) -> None:
    assert shape_of(written(tmp_path, json.dumps(text))) is shape


def test_what_is_damaged_is_what_it_was_to_be(tmp_path: Path) -> None:
    assert shape_of(written(tmp_path, '{"outputs": {}, "version": 4, "serial": 1, "lineage"')) is Shape.RAW_STATE
    nested = '{"resources": ' + "[" * 100_000 + "]" * 100_000 + ', "format_version": "1.2"}'
    assert shape_of(written(tmp_path, nested)) is None
