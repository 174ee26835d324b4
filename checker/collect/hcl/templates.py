"""Reading templates: quoted texts, heredocs and files of text with `${ }` and `%{ }` in them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Protocol

from checker.collect.hcl.scan import MAX_DEPTH, NotHclError, Text
from checker.collect.hcl.syntax import Directive, Expression, Literal, Template

_QUOTED = re.compile(r'(?:[^"\\$%\n\r]|\\.|\$\$\{|%%\{|\$(?!\{)|%(?!\{))*')
_BARE = re.compile(r"(?:[^$%\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))*\n?")
_WORD = re.compile(r"(if|else|endif|for|endfor)(?![\w-])")
_DOUBLED = re.compile(r"\$\$\{|%%\{")
_LEADING = re.compile(r"\s*")


class Expressions(Protocol):
    """A reader of the expressions between the braces."""

    def bracketed(self) -> Expression:
        """Read an expression in which the ends of lines do not matter."""


@dataclass(slots=True)
class _Piece:
    """A literal (`text`), an interpolation (`word` empty) or one half of a directive, with its strip markers."""

    line: int
    word: str = ""
    text: str | None = None
    value: Expression | None = None
    names: tuple[str, ...] = ()


class TemplateParser:
    """A reader of templates.

    Source: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#templates
    """

    def __init__(self, text: Text, expressions: Expressions) -> None:
        self.text = text
        self._expressions = expressions

    def quoted(self, line: int) -> Expression:
        """Read a quoted template from behind its opening quote up to and with its closing one."""
        pieces: list[_Piece] = []
        trim = False
        while not self.text.take('"'):
            at = self.text.position
            words = _QUOTED.match(self.text.source, at)
            if words and words[0]:
                self.text.position = words.end()
                pieces.append(_Piece(self.text.line(at), text=self._literal(words[0], at, escapes=True, trim=trim)))
                trim = False
            elif self.text.source.startswith(("${", "%{"), at):
                trim = self._sequence(pieces)
            else:
                raise NotHclError(at, f"the quoted text that begins in line {line} is not closed in its line")
        return _whole(pieces, line)

    def heredoc(self, marker: str, line: int, *, indented: bool) -> Expression:
        """Read a heredoc from the line below its beginning up to its marker."""
        start = self.text.position
        close = re.compile(rf"^[ \t]*{re.escape(marker)}[ \t]*(?=\r?$)", re.MULTILINE)
        found = close.search(self.text.source, start)
        if not found:
            raise NotHclError(start - 1, f'the heredoc "{marker}" is not closed: a line with only {marker} is missing')
        pieces: list[_Piece] = []
        self._bare(pieces, found.start())
        if self.text.position != found.start():  # an interpolation holds a heredoc with the same marker
            found = close.search(self.text.source, self.text.position)
            if not found:
                raise NotHclError(start - 1, f'the heredoc "{marker}" is not closed')
            self._bare(pieces, found.start())
        self.text.position = found.end()
        if indented:
            _unindent(pieces)
        return _whole(pieces, line)

    def file(self) -> Expression:
        """Read the whole text as a template."""
        pieces: list[_Piece] = []
        self._bare(pieces, self.text.end)
        return _whole(pieces, 1)

    def _bare(self, pieces: list[_Piece], end: int) -> None:
        trim = False
        while self.text.position < end:
            at = self.text.position
            words = _BARE.match(self.text.source, at, end)
            if words and words[0]:
                self.text.position = words.end()
                pieces.append(_Piece(self.text.line(at), text=self._literal(words[0], at, escapes=False, trim=trim)))
                trim = False
            else:
                trim = self._sequence(pieces)

    def _literal(self, words: str, at: int, *, escapes: bool, trim: bool) -> str:
        if escapes:
            words = self.text.unescape(words, at)
        words = _DOUBLED.sub(lambda match: match[0][1:], words)
        if not words.isascii():
            words = unicodedata.normalize("NFC", words)  # as all texts of Terraform are
        return words.lstrip() if trim else words

    def _sequence(self, pieces: list[_Piece]) -> bool:
        """Read `${ }` or `%{ }`; return whether the text behind it loses its leading blanks."""
        text = self.text
        at = text.position
        directive = text.source[at] == "%"
        text.position += 2
        if text.take("~") and pieces and pieces[-1].text is not None:
            pieces[-1].text = pieces[-1].text.rstrip()
        piece = _Piece(text.line(at))
        if directive:
            self._directive(piece)
        else:
            piece.value = self._expressions.bracketed()
        text.skip_lines()
        trim = text.take("~")
        if not text.take("}"):
            raise NotHclError(text.position, f'"}}" was expected at the end of "{text.source[at : at + 2]}"')
        pieces.append(piece)
        return trim

    def _directive(self, piece: _Piece) -> None:
        text = self.text
        text.skip_lines()
        word = _WORD.match(text.source, text.position)
        if not word:
            raise NotHclError(text.position, '"if", "else", "endif", "for" or "endfor" was expected after "%{"')
        text.position = word.end()
        piece.word = word[1]
        if piece.word == "if":
            piece.value = self._expressions.bracketed()
        if piece.word == "for":
            piece.names = self._bound()
            piece.value = self._expressions.bracketed()

    def _bound(self) -> tuple[str, ...]:
        text = self.text
        names: list[str] = []
        while True:
            text.skip_lines()
            name = text.name()
            if name is None:
                raise NotHclError(text.position, 'a name was expected after "for"')
            if name == "in" and names:
                return tuple(names)
            names.append(name)
            text.skip_lines()
            text.take(",")
            if len(names) > 3:
                raise NotHclError(text.position, 'one or two names were expected after "for"')


def _unindent(pieces: list[_Piece]) -> None:
    """Take from each line what all lines of the text are indented by; lines of blanks only do not count."""
    least: int | None = None
    adjust: list[_Piece] = []
    at_start = True
    for piece in pieces:
        if at_start:
            at_start = False
            if piece.text is None:
                least = 0
            else:
                blanks = len(piece.text) - len(piece.text.lstrip())
                if blanks < len(piece.text) or not piece.text.endswith("\n"):
                    least = blanks if least is None else min(least, blanks)
                    adjust.append(piece)
        if piece.text is not None and piece.text.endswith("\n"):
            at_start = True
    for piece in adjust:
        if piece.text is not None:
            piece.text = piece.text[least or 0 :]


def _whole(pieces: list[_Piece], line: int) -> Expression:
    """Return the pieces as one expression: a literal where there are no sequences."""
    if all(piece.text is not None for piece in pieces):
        return Literal(line, "".join(piece.text or "" for piece in pieces))
    pieces.reverse()
    parts, _ = _nest(pieces, (), line, 0)
    return Template(line, parts)


def _nest(pieces: list[_Piece], closers: tuple[str, ...], line: int, depth: int) -> tuple[tuple[Expression, ...], str]:
    """Return the parts up to one of the directives `closers`, and which that was."""
    if depth > MAX_DEPTH:
        raise NotHclError(0, "the directives of a template are nested too deeply")
    parts: list[Expression] = []
    while pieces:
        piece = pieces.pop()
        if piece.text is not None:
            parts.append(Literal(piece.line, piece.text))
        elif not piece.word and piece.value is not None:
            parts.append(piece.value)
        elif piece.word in closers:
            return tuple(parts), piece.word
        elif piece.word == "if" and piece.value is not None:
            body, word = _nest(pieces, ("else", "endif"), piece.line, depth + 1)
            other = _nest(pieces, ("endif",), piece.line, depth + 1)[0] if word == "else" else ()
            parts.append(
                Directive(piece.line, piece.value, (), None, Template(piece.line, body), Template(piece.line, other))
            )
        elif piece.word == "for" and piece.value is not None:
            body, _ = _nest(pieces, ("endfor",), piece.line, depth + 1)
            parts.append(Directive(piece.line, None, piece.names, piece.value, Template(piece.line, body), None))
        else:
            raise NotHclError(0, f'"%{{ {piece.word} }}" in line {piece.line} has no beginning')
    if closers:
        raise NotHclError(0, f'the directive in line {line} has no "%{{ {closers[-1]} }}"')
    return tuple(parts), ""
