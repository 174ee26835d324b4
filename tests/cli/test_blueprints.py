"""A blueprint that cannot be meant is refused with its file and line, and never judged by."""

from pathlib import Path

import pytest

from checker.blueprints.load import DEFAULT, load
from checker.errors import ConfigurationError

TEXT = (Path(__file__).parents[2] / DEFAULT).read_text(encoding="utf-8")
RULES = {"EDG002", "NET005", "STACKS"}
ALLOW = "allow:\n  - {from: app,\n     to: data,\n     ports: [22],\n     until: %s}"

BAD = {
    "unknown key": ("tiers:", "tires:", 5, "unknown key 'tires'.*did you mean 'tiers'"),
    "unknown key of a tier": ("type: application", "typ: application", 6, "unknown key 'typ'.*did you mean 'type'"),
    "unknown key of a flow": ("{from: edge, ", "{form: edge, ", 14, "unknown key 'form'.*did you mean 'from'"),
    "unknown key of a selector": ("{from: internet", "{from: {teir: app}", 13, "unknown key 'teir'.*'tier'"),
    "unknown tier": ("cache: {kind", "cach: {kind", 8, "no tier 'cach'.*did you mean 'cache'"),
    "undefined end of a flow": ("to: data", "to: dta", 17, "no tier or network 'dta'.*did you mean 'data'"),
    "undefined network": ("allow: []", "allow:\n  - {from: office, to: data}", 21, "no tier or network 'office'"),
    "undefined tier": ("  files: {kind: file_system, required: false}\n", "", 17, "tier 'files' is not defined"),
    "missing key": ("{from: edge, ", "{", 14, "the key 'from' is missing"),
    "selector without keys": ("{from: internet", "{from: {}", 13, "would match everything"),
    "port too high": ("[80, 443]", "[80, 70000]", 13, "70000 is out of range"),
    "port that is none": ("[80, 443]", "[https]", 13, "'https' is no port"),
    "ports backwards": ("[2049]", "[20-10]", 18, "20-10 is backwards"),
    "no ports": ("[2049]", "[]", 18, "list of ports is empty"),
    "ports without a list": ("[80, 443]", "80", 13, "ports must be text or a list, not a whole number"),
    "unknown word for ports": ("ports: targets", "ports: tagets", 14, "cannot be 'tagets'.*did you mean 'targets'"),
    "bad block": ("networks: {}", "networks:\n  office:\n  - 10.0.0.0/40", 21, "'10.0.0.0/40' is no block"),
    "network with a tier's name": ("networks: {}", "networks:\n  app: [10.0.0.0/8]", 20, "cannot be called 'app'"),
    "bad date": ("allow: []", ALLOW % "2025-13-01", 24, "'2025-13-01' is no date"),
    "date without dashes": ("allow: []", ALLOW % "20250101", 24, "until must be text|is no date"),
    "unknown rule": ("EDG002: report", "EDG02: report", 23, "no rule 'EDG02'.*did you mean 'EDG002'"),
    "unknown wish": ("EDG002: report", "EDG002: repot", 23, "cannot be 'repot'.*did you mean 'report'"),
    "key given twice": (
        "zones: {at_least: 2}",
        "zones: {at_least: 2}\nzones: {}",
        22,
        "'zones' is given twice.*line 21",
    ),
    "text for a number": ("at_least: 2", "at_least: two", 21, "zones.at_least must be a whole number, not text"),
    "no zones": ("at_least: 2", "at_least: 0", 21, "must be 1 or more"),
    "unknown stacking": ("stack_by: edge", "stack_by: edges", 4, "cannot be 'edges'.*did you mean 'edge'"),
    "broken syntax": ("flows:", "flows: [", 13, "not valid YAML"),
    "control character": ("three-tier-web\n", "three-tier-\x07web\n", 3, "not valid YAML"),
    "application tag": ("tiers:", "tiers: !!python/object:os.system", 5, "has no meaning here"),
    "alias of itself": ("networks: {}", "networks: &a {office: *a}", 19, "contains itself"),
    "second document": ("blueprint:", "a: 1\n---\nblueprint:", 4, "not valid YAML"),
}


def lines_of(text: str, path: Path) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("case", BAD)
def test_refused_with_its_line(tmp_path: Path, case: str) -> None:
    old, new, line, message = BAD[case]
    assert old in TEXT
    file = lines_of(TEXT.replace(old, new, 1), tmp_path / "mine.yaml")
    with pytest.raises(ConfigurationError, match=message) as refused:
        load(file, RULES)

    assert refused.value.where == f"{file}:{line}"
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(("text", "message"), [("", "empty"), ("- a", "is a mapping"), ("# nothing\n", "empty")])
def test_file_that_is_no_blueprint(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load(lines_of(text, tmp_path / "mine.yaml"), RULES)


def test_folder_missing_file_and_bytes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "raw.yaml").write_bytes(b"blueprint: x\nname: \xff\n")
    with pytest.raises(ConfigurationError, match="this is a folder"):
        load(tmp_path, RULES)
    with pytest.raises(ConfigurationError, match="no such file"):
        load(tmp_path / "absent.yaml", RULES)
    with pytest.raises(ConfigurationError, match=r"raw\.yaml:2: .*not UTF-8"):
        load(tmp_path / "raw.yaml", RULES)


def test_default_is_found_and_hashed() -> None:
    blueprint, document = load(None, RULES)

    assert (blueprint.blueprint, document.kind, document.source) == ("three-tier-web", "blueprint", DEFAULT)
    assert len(document.sha256) == 64


def test_copy_of_the_default_is_the_same(tmp_path: Path) -> None:
    blueprint, document = load(lines_of(TEXT, tmp_path / "mine.yaml"), RULES)
    default, original = load(None, RULES)

    assert blueprint == default
    assert document.sha256 == original.sha256


def test_exceptions_networks_and_selectors_are_read(tmp_path: Path) -> None:
    text = TEXT.replace("networks: {}", "networks: {office: [203.0.113.0/24]}").replace(
        "allow: []",
        "allow:\n"
        "  - {from: office, to: app, ports: [22, 8000-8080], until: 2099-12-31}\n"
        "  - {from: sg-0123, to: {kind: database, tag: shared}, ports: own}\n"
        "  - {from: 2001:db8::/32, to: edge, ports: all, protocol: all}\n",
    )
    blueprint, _ = load(lines_of(text, tmp_path / "mine.yaml"), RULES)

    assert blueprint.allow[0].until == "2099-12-31"
    assert [item.source for item in blueprint.allow] == ["office", "sg-0123", "2001:db8::/32"]
