"""Which parent a page is about: by what names it in the page, or by the name of the file or its folders."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from checker.collect.aws_json import forms
from checker.collect.aws_json.files import Found
from checker.collect.aws_json.pages import Page
from checker.model.call import Call, DetailCall


def assign(call: Call, pages: Sequence[Page], parents: Sequence[str]) -> Mapping[str, list[Page]]:
    """Return, for each parent, the pages that answer about it.

    A page is of the parent that its wrapper names, that the things in it name, or that its file or folders are called
    after, in this order. A page that says nothing is of the one parent there is, if no other page is and the page can
    answer nothing else.
    """
    found: dict[str, list[Page]] = defaultdict(list)
    rest: list[Page] = []
    for page in pages:
        named = [parent for parent in parents if parent in page.parents]
        named = named or _named_by_short_id(page.parents, parents)
        pieces = {} if named else forms.by_parent(call, page, parents)
        if named:
            found[named[0]].append(page)
        elif pieces:
            for parent, piece in pieces.items():
                found[parent].append(piece)
        elif not page.parents and (called := called_after(page.file, parents)[0]):
            found[called].append(page)
        elif not page.parents:
            rest.append(page)
    silent = [parent for parent in parents if parent not in found]
    if (
        len(silent) == 1
        and len(parents) == 1
        and len(rest) == 1
        and isinstance(call, DetailCall)
        and _is_for(call, rest[0])
    ):
        found[silent[0]].append(rest[0])
    return found


def called_after(file: Found, parents: Sequence[str]) -> tuple[str, int]:
    """Return the parent after which a file or a folder is called, and how many letters say so.

    The longest match counts; no parent is returned if there is none, or if two match alike.
    """
    for part in reversed(file.parts):
        text = f"-{plain(part)}-"
        matches = [(len(short), parent) for parent in parents for short in _short_ids(parent) if f"-{short}-" in text]
        if matches:
            longest = max(length for length, _ in matches)
            best = sorted({parent for length, parent in matches if length == longest})
            return (best[0] if len(best) == 1 else ""), longest
    return "", 0


def _named_by_short_id(names: Sequence[str], parents: Sequence[str]) -> list[str]:
    called = {plain(name) for name in names}
    found = [parent for parent in parents if called & set(_short_ids(parent)[:4])]
    return found if len(found) == 1 else []


@cache
def _short_ids(parent: str) -> tuple[str, ...]:
    """Return the names that people give files after a parent: its id, the last parts of it, its name."""
    local = parent.split(":", 5)[-1]
    parts = local.split("/")
    return tuple(
        dict.fromkeys(plain(text) for text in (parent, local, *parts[-1:], "-".join(parts[1:]), *parts[-2:-1]))
    )


def _is_for(call: DetailCall, page: Page) -> bool:
    return len(page.calls) == 1 or plain(call.operation) in plain("-".join(page.file.parts[-2:]))


@cache
def plain(text: str) -> str:
    """Return a text in small letters, with one dash for everything that is no letter and no digit."""
    return re.sub(r"[^0-9a-z]+", "-", text.lower()).strip("-")
