"""Functions of texts.

Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import re
import string

from checker.collect.hcl.certain import is_word
from checker.collect.hcl.convert import composed, counted, decomposed, items_of, text_of, whole_of
from checker.collect.hcl.functions.characters import characters
from checker.collect.hcl.functions.function import Function, pure
from checker.collect.hcl.functions.patterns import replaced, searched, searched_all
from checker.collect.hcl.values import FailureError, UndecidedError, Value, missing_of
from checker.model.fact import Missing
from checker.model.symbol import Symbol

MAX_TEXT = 10_000_000
# What ids are made of, among other letters and digits.
_IN_WORDS = frozenset(string.ascii_letters + string.digits + "-_:/")
_WORD_START = re.compile(r"(?<!\w)\w")


def join(separator: Value, *lists: Value) -> Value:
    """Join the items of lists with a separator; symbols among them make it the symbol of the text."""
    mark = text_of(separator)
    parts: list[Value] = []
    for some in lists:
        for item in counted(items_of(some)):
            if item is None:
                raise FailureError("an item is null")
            parts.extend([mark, item] if parts else [item])
    return composed(parts)


def split(separator: Value, text: Value) -> Value:
    """Return the pieces of a text between separators; ids in it that an apply would settle have none inside."""
    mark = text_of(separator)
    if isinstance(text, Symbol) and mark and not _IN_WORDS.intersection(mark):
        return _split_around_symbols(mark, text)
    whole = text_of(text)
    pieces = whole.split(mark) if mark else characters(whole)
    return list[Value](pieces)


def _split_around_symbols(mark: str, text: Symbol) -> Value:
    pieces: list[list[Value]] = [[]]
    for part in decomposed(text):
        if isinstance(part, Symbol):
            if not is_word(part):
                raise UndecidedError(missing_of(text))
            pieces[-1].append(part)
            continue
        first, *others = part.split(mark)
        pieces[-1].append(first)
        pieces.extend([other] for other in others)
    return [composed(piece) for piece in pieces]


def substr(text: Value, offset: Value, length: Value) -> Value:
    """Return a part of a text, from an offset that may count from the end."""
    whole, start, count = characters(text_of(text)), whole_of(offset), whole_of(length)
    if start < 0:
        start = max(start + len(whole), 0)
    return "".join(whole[start:] if count < 0 else whole[start : start + count])


def indent(spaces: Value, text: Value) -> Value:
    """Indent all lines but the first."""
    number = whole_of(spaces)
    if number < 0:
        raise FailureError("the number of spaces is below zero")
    if number > 1000:
        raise UndecidedError(Missing("an indentation of more than 1000 spaces"))
    return text_of(text).replace("\n", "\n" + " " * number)


def chomp(text: Value) -> Value:
    """Leave out the ends of lines at the end of a text."""
    return re.sub(r"(?:\r\n?|\n)*\Z", "", text_of(text))


def title(text: Value) -> Value:
    """Begin each word with a capital."""
    return _WORD_START.sub(lambda match: match[0].upper(), text_of(text))


def trim(text: Value, characters: Value) -> Value:
    """Leave out characters at both ends."""
    return text_of(text).strip(text_of(characters)) if text_of(characters) else text_of(text)


def trimprefix(text: Value, prefix: Value) -> Value:
    """Leave out a beginning."""
    return text_of(text).removeprefix(text_of(prefix))


def trimsuffix(text: Value, suffix: Value) -> Value:
    """Leave out an end."""
    return text_of(text).removesuffix(text_of(suffix))


def strrev(text: Value) -> Value:
    """Return a text backwards."""
    return "".join(reversed(characters(text_of(text))))


def replace(text: Value, old: Value, new: Value) -> Value:
    """Replace a part of a text, or with `/pattern/` what fits the pattern."""
    whole, wanted, by = text_of(text), text_of(old), text_of(new)
    if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
        return replaced(whole, wanted[1:-1], by)
    if len(by) * (whole.count(wanted) if wanted else len(whole)) > MAX_TEXT:
        raise UndecidedError(Missing("a text of more than 10 MB"))
    return whole.replace(wanted, by)


def _simple(character: str, changed: str) -> str:
    """Return a character in its other case, where that is one character too, as Go does."""
    return changed if len(changed) == 1 else character


FUNCTIONS: dict[str, Function] = {
    "chomp": pure(chomp, 1),
    "endswith": pure(lambda text, suffix: text_of(text).endswith(text_of(suffix)), 2),
    "indent": pure(indent, 2),
    "join": pure(join, 2, None),
    "lower": pure(lambda text: "".join(character.lower()[0] for character in text_of(text)), 1),
    "regex": pure(lambda pattern, text: searched(text_of(pattern), text_of(text)), 2),
    "regexall": pure(lambda pattern, text: searched_all(text_of(pattern), text_of(text)), 2),
    "replace": pure(replace, 3),
    "split": pure(split, 2),
    "startswith": pure(lambda text, prefix: text_of(text).startswith(text_of(prefix)), 2),
    "strcontains": pure(lambda text, part: text_of(part) in text_of(text), 2),
    "strrev": pure(strrev, 1),
    "substr": pure(substr, 3),
    "title": pure(title, 1),
    "trim": pure(trim, 2),
    "trimprefix": pure(trimprefix, 2),
    "trimspace": pure(lambda text: text_of(text).strip(), 1),
    "trimsuffix": pure(trimsuffix, 2),
    "upper": pure(lambda text: "".join(_simple(character, character.upper()) for character in text_of(text)), 1),
}
