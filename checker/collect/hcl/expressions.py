"""Reading expressions of HCL."""

from __future__ import annotations

import re

from checker.collect.hcl.scan import MAX_DEPTH, NotHclError, Text
from checker.collect.hcl.syntax import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    Item,
    Literal,
    Object,
    Splat,
    Tuple,
    Unary,
    Variable,
)
from checker.collect.hcl.templates import TemplateParser

_LEVELS = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    ">": 4,
    ">=": 4,
    "<": 4,
    "<=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
_OPERATOR = re.compile(r"\|\||&&|==|!=|>=|<=|>|<|\+|-|\*|/(?!/)|%(?!\{)")
_OPERATOR_SIGNS = frozenset("|&=!><+-*/%")
_STEP_SIGNS = frozenset(".[")
_PLAIN = re.compile(r'"([^"\\$%\n\r]*)"')
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_LEGACY = re.compile(r"[ \t]*(\d+)")
_FUNCTION = re.compile(r"[^\W\d][\w-]*(?:::[^\W\d][\w-]*)*(?=[ \t]*\()")
_FOR = re.compile(r"for(?![\w-])(?![ \t]*=[^=])(?![ \t]*:)")
_KEY_WORD = re.compile(r"([^\W\d][\w-]*)[ \t]*(?=[=:])(?!==)")
_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w-]*)\r?\n")
_WORDS = {"true": True, "false": False, "null": None}


class ExpressionParser:
    """A reader of expressions from a text; inside of brackets it takes the end of a line for a blank.

    Source: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#expressions
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self._depth = 0
        self._lines_matter = True
        self._templates = TemplateParser(text, self)

    def expression(self) -> Expression:
        """Read an expression from the position on."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise NotHclError(self.text.position, "expressions are nested too deeply")
        condition = self._binary(1)
        if self.text.take("?"):
            then = self.expression()
            self._expect(":", 'the ":" of a conditional expression')
            condition = Conditional(condition.line, condition, then, self.expression())
        self._depth -= 1
        return condition

    def bracketed(self) -> Expression:
        """Read an expression in which the ends of lines do not matter."""
        before, self._lines_matter = self._lines_matter, False
        value = self.expression()
        self._skip()
        self._lines_matter = before
        return value

    def start_again(self) -> None:
        """Forget where a mistake was found."""
        self._depth = 0
        self._lines_matter = True

    def _skip(self) -> str:
        """Step over what does not matter here; return the sign behind it."""
        return self.text.skip_blanks() if self._lines_matter else self.text.skip_lines()

    def _expect(self, sign: str, what: str) -> None:
        self._skip()
        if not self.text.take(sign):
            raise NotHclError(self.text.position, f"{what} was expected here, not {self.text.shown()}")

    def _binary(self, level: int) -> Expression:
        left = self._with_steps()
        while True:
            if self._skip() not in _OPERATOR_SIGNS:
                return left
            found = _OPERATOR.match(self.text.source, self.text.position)
            if not found or _LEVELS[found[0]] < level:
                return left
            self.text.position = found.end()
            left = Binary(left.line, found[0], left, self._binary(_LEVELS[found[0]] + 1))

    def _with_steps(self) -> Expression:
        return self._steps(self._term())

    def _steps(self, value: Expression) -> Expression:
        text = self.text
        while True:
            sign = self._skip()
            if sign not in _STEP_SIGNS:
                return value
            line = value.line
            if text.source.startswith("...", text.position):
                return value
            if text.take("."):
                self._skip()
                starred = text.take("*")
                value = Splat(line, value, self._names_only(Item(line))) if starred else self._name_step(value)
            elif text.take("["):
                value = self._index(value)
            else:
                return value

    def _name_step(self, value: Expression) -> Expression:
        text = self.text
        legacy = _LEGACY.match(text.source, text.position)
        if legacy:
            text.position = legacy.end()
            return Index(value.line, value, Literal(value.line, int(legacy[1][:18])))
        name = text.name()
        if name is None:
            raise NotHclError(text.position, f'a name was expected after ".", not {text.shown()}')
        return Attribute(value.line, value, name)

    def _names_only(self, value: Expression) -> Expression:
        text = self.text
        while True:
            self._skip()
            if text.source.startswith("...", text.position) or not text.take("."):
                return value
            self._skip()
            value = self._name_step(value)

    def _index(self, value: Expression) -> Expression:
        before, self._lines_matter = self._lines_matter, False
        self._skip()
        star = self.text.source.startswith("*", self.text.position)
        if star:
            self.text.position += 1
            self._expect("]", '"]"')
            self._lines_matter = before
            return Splat(value.line, value, self._steps(Item(value.line)))
        key = self.expression()
        self._expect("]", '"]"')
        self._lines_matter = before
        return Index(value.line, value, key)

    def _term(self) -> Expression:
        sign = self._skip()
        text = self.text
        start = text.position
        line = text.line(start)
        if sign == '"':
            plain = _PLAIN.match(text.source, start)
            if plain and plain[1].isascii():
                text.position = plain.end()
                return Literal(line, plain[1])
            text.position += 1
            return self._templates.quoted(line)
        if sign == "(":
            text.position += 1
            value = self.bracketed()
            self._expect(")", '")"')
            return value
        if sign == "[":
            return self._tuple(line)
        if sign == "{":
            return self._object(line)
        if sign and sign in "-!":
            return self._unary(sign, line)
        heredoc = _HEREDOC.match(text.source, start) if sign == "<" else None
        if heredoc:
            text.position = heredoc.end()
            return self._templates.heredoc(heredoc[2], line, indented=bool(heredoc[1]))
        number = _NUMBER.match(text.source, start) if sign.isdigit() else None
        if number:
            text.position = number.end()
            return Literal(line, _number(number[0], start))
        return self._named(line)

    def _unary(self, sign: str, line: int) -> Expression:
        self.text.position += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise NotHclError(self.text.position, "expressions are nested too deeply")
        value = self._with_steps()
        self._depth -= 1
        return Unary(line, sign, value)

    def _named(self, line: int) -> Expression:
        text = self.text
        function = _FUNCTION.match(text.source, text.position)
        if function:
            text.position = function.end()
            text.skip_blanks()
            text.position += 1
            return self._call(function[0], line)
        name = text.name()
        if name is None:
            raise NotHclError(text.position, f"a value was expected here, not {text.shown()}")
        if name in _WORDS:
            return Literal(line, _WORDS[name])
        return Variable(line, name)

    def _call(self, name: str, line: int) -> Expression:
        before, self._lines_matter = self._lines_matter, False
        text = self.text
        arguments: list[Expression] = []
        spread = False
        self._skip()
        while not text.take(")"):
            arguments.append(self.expression())
            self._skip()
            if text.take("..."):
                spread = True
                self._expect(")", '")" after "..."')
                break
            if not text.take(","):
                self._expect(")", f'"," or ")" in the call of "{name}"')
                break
            self._skip()
        self._lines_matter = before
        return Call(line, name, tuple(arguments), spread)

    def _tuple(self, line: int) -> Expression:
        before, self._lines_matter = self._lines_matter, False
        text = self.text
        text.position += 1
        self._skip()
        value: Expression
        if _FOR.match(text.source, text.position):
            value = self._for(line, "]")
        else:
            items: list[Expression] = []
            while not text.take("]"):
                items.append(self.expression())
                self._skip()
                if not text.take(","):
                    self._expect("]", '"," or "]"')
                    break
                self._skip()
            value = Tuple(line, tuple(items))
        self._lines_matter = before
        return value

    def _object(self, line: int) -> Expression:
        before, self._lines_matter = self._lines_matter, True
        text = self.text
        text.position += 1
        text.skip_lines()
        value: Expression
        if _FOR.match(text.source, text.position):
            self._lines_matter = False
            value = self._for(line, "}")
        else:
            value = self._items(line)
        self._lines_matter = before
        return value

    def _items(self, line: int) -> Expression:
        text = self.text
        items: list[tuple[Expression, Expression]] = []
        while not text.take("}"):
            key = self._key()
            text.skip_blanks()
            if not text.take("=") and not text.take(":"):
                raise NotHclError(text.position, f'"=" was expected after the key, not {text.shown()}')
            items.append((key, self.expression()))
            text.skip_blanks()
            if text.take("}"):
                break
            if not text.take(",") and not text.end_of_line():
                raise NotHclError(text.position, f'"," or a new line was expected here, not {text.shown()}')
            text.skip_lines()
        return Object(line, tuple(items))

    def _key(self) -> Expression:
        text = self.text
        word = _KEY_WORD.match(text.source, text.position)
        if word:
            line = text.line(text.position)
            text.position = word.end()
            return Literal(line, word[1])
        return self.expression()

    def _for(self, line: int, close: str) -> Expression:
        text = self.text
        text.position += len("for")
        names = [self._bound()]
        self._skip()
        if text.take(","):
            names.append(self._bound())
        self._word("in")
        collection = self.expression()
        self._expect(":", 'the ":" of a "for" expression')
        key: Expression | None = None
        value = self.expression()
        self._skip()
        grouped = False
        if close == "}":
            self._expect("=>", '"=>"')
            key, value = value, self.expression()
            self._skip()
            grouped = text.take("...")
            self._skip()
        condition: Expression | None = None
        if re.compile(r"if(?![\w-])").match(text.source, text.position):
            text.position += len("if")
            condition = self.expression()
        self._expect(close, f'"{close}" at the end of a "for" expression')
        return For(line, tuple(names), collection, key, value, condition, grouped)

    def _bound(self) -> str:
        self._skip()
        name = self.text.name()
        if name is None:
            raise NotHclError(self.text.position, f'a name was expected after "for", not {self.text.shown()}')
        return name

    def _word(self, word: str) -> None:
        self._skip()
        at = self.text.position
        if self.text.name() != word:
            raise NotHclError(at, f'"{word}" was expected in the "for" expression')


def _number(digits: str, at: int) -> int | float:
    if digits.isdigit():
        if len(digits) > 300:
            raise NotHclError(at, "the number is too long")
        return int(digits)
    if abs(int(re.sub(r"^.*[eE]|^.*", "", digits) or 0)) > 300:
        raise NotHclError(at, "the number is too large")
    value = float(digits)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
