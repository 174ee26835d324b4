"""Evaluating expressions in tests: names with given values, and expressions drawn at random by their type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hypothesis import strategies as st

from checker.collect.hcl.evaluate import evaluate
from checker.collect.hcl.fragments import parse_expression
from checker.collect.hcl.syntax import Expression
from checker.collect.hcl.values import Failure, Value
from checker.model.fact import Missing


@dataclass
class Files:
    """Files that are only in a mapping."""

    texts: Mapping[str, str]

    def read(self, path: str) -> bytes | Missing:
        return self.texts[path].encode() if path in self.texts else Failure(f"there is no file {path}")

    def match(self, folder: str, pattern: str) -> list[str] | Missing:
        return sorted(name.removeprefix(f"{folder}/") for name in self.texts if name.startswith(f"{folder}/"))


@dataclass
class Given:
    """Names with given values."""

    values: Mapping[str, Value] = field(default_factory=dict)
    files: Files | None = None

    def lookup(self, name: str) -> Value:
        return self.values.get(name, Failure(f'there is no "{name}"'))


def value_of(source: str, files: Mapping[str, str] | None = None, **values: Value) -> Value:
    expression = parse_expression(source)
    assert isinstance(expression, Expression), expression
    return evaluate(expression, Given(values, Files(files) if files is not None else None))


NUMBERS = st.integers(-20, 300).map(str) | st.sampled_from(["1.5", "0.25", "var.number"])
TEXTS = st.text("ab-./1é \\$%{", max_size=4).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace("${", "$${").replace("%{", "%%{") + '"'
) | st.just("var.text")
FLAGS = st.sampled_from(["true", "false", "var.flag"])


def _calls(form: str, *of: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*of).map(lambda parts: form.format(*parts))


numbers = st.deferred(
    lambda: (
        NUMBERS
        | _calls("({} + {})", numbers, numbers)
        | _calls("({} - {})", numbers, numbers)
        | _calls("({} * {})", NUMBERS, NUMBERS)
        | _calls("-{}", NUMBERS)
        | _calls("length({})", lists)
        | _calls("max({}, {})", numbers, numbers)
        | _calls("floor({})", numbers)
        | _calls("({} ? {} : {})", flags, numbers, numbers)
        | _calls("try(tonumber({}), {})", texts, numbers)
    )
)
texts = st.deferred(
    lambda: (
        TEXTS
        | _calls('"x${{{}}}-${{{}}}"', texts, numbers)
        | _calls('join(",", {})', lists)
        | _calls("upper({})", texts)
        | _calls('replace({}, "a", {})', texts, texts)
        | _calls('format("%s:%s", {}, {})', texts, numbers)
        | _calls("trimspace({})", texts)
        | _calls("substr({}, 1, 2)", texts)
        | _calls("({} ? {} : {})", flags, texts, texts)
        | _calls('"%{{ for x in {} ~}} ${{x}};%{{ endfor }}"', lists)
        | _calls('"%{{ if {} }}y%{{ else }}${{{}}}%{{ endif }}"', flags, texts)
        | _calls("try({}[1], {})", lists, texts)
        | _calls("element({}, {})", lists, st.sampled_from(["0", "3", "var.number"]))
        | _calls("jsonencode({})", objects)
        | _calls('lookup({}, "k", {})', maps, texts)
    )
)
flags = st.deferred(
    lambda: (
        FLAGS
        | _calls("({} == {})", texts, texts)
        | _calls("({} != {})", numbers, numbers)
        | _calls("({} == {})", lists, lists)
        | _calls("({} < {})", numbers, numbers)
        | _calls("({} && {})", flags, flags)
        | _calls("({} || {})", flags, flags)
        | _calls("!{}", flags)
        | _calls("contains({}, {})", lists, texts)
        | _calls("can({}[1])", lists)
        | _calls("anytrue([{}, {}])", flags, flags)
    )
)
lists = st.deferred(
    lambda: (
        st.just("var.list")
        | st.lists(texts, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | _calls("concat({}, {})", lists, lists)
        | _calls('[for i, x in {} : "${{x}}${{i}}" if x != {}]', lists, texts)
        | _calls("tolist(toset({}))", lists)
        | _calls("distinct({})", lists)
        | _calls("compact({})", lists)
        | _calls("reverse({})", lists)
        | _calls("flatten([{}, [{}]])", lists, lists)
        | _calls("sort({})", lists)
        | _calls("keys({})", maps)
        | _calls("values({})", maps)
        | _calls("{}[*]", lists)
        | _calls("[{{ a = {} }}][*].a", texts)
        | _calls("slice({}, 0, 1)", lists)
        | _calls("tolist(setunion({}, {}))", lists, lists)
        | _calls("tolist(setsubtract({}, {}))", lists, lists)
    )
)
maps = st.deferred(
    lambda: (
        _calls('{{ k = {}, "l m" = {} }}', texts, texts)
        | _calls("{{ for x in {} : x => upper(x)... }}", lists).map(
            lambda source: f"{{ for k, v in {source} : k => v[0] }}"
        )
        | _calls("merge({}, {})", maps, maps)
        | _calls("zipmap({}, {})", lists, lists)
    )
)
objects = st.deferred(lambda: maps | _calls("{{ n = {}, t = {}, l = {} }}", numbers, texts, lists))
expressions = numbers | texts | flags | lists | maps | objects
