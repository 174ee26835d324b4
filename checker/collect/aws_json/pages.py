"""Taking files apart into pages: the part of an answer that belongs to one call, and what belongs to none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checker.collect.aws.shapes import fits
from checker.collect.aws_json.files import Found
from checker.collect.aws_json.keys import CallName, Keys, heads, is_list_of_all, name_of, parents_named
from checker.model.call import Call

# What an answer says about itself: its request, and where its next page starts.
_TOKENS = ("NextToken", "nextToken", "NextMarker", "Marker", "LastEvaluatedTableName")
_ABOUT = {*_TOKENS, "ResponseMetadata", "$metadata", "IsTruncated", "MaxItems", "PageSize", "StartRecordName"}


@dataclass(frozen=True, eq=False)
class Page:
    """One answer, or one page of it: `values` by key, the calls it may answer, and the ids that it is told to be of.

    `key` is the top-level key of the file that it was found under; `is_cut` says that another page follows.
    """

    file: Found
    key: str
    values: Mapping[str, object]
    calls: frozenset[CallName]
    parents: tuple[str, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True)
class Unread:
    """A part of a file that nothing was read from, and why."""

    file: Found
    key: str
    why: str


@dataclass
class Pages:
    """What the files hold, in their order."""

    found: list[Page] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def take_apart(file: Found, values: tuple[object, ...], keys: Keys, into: Pages) -> None:
    """Add the pages of a file to `into`, and what is not read of it."""
    if not values:
        into.unread.append(Unread(file, "", "the file is empty: the command that wrote it gave no answer"))
    for value in values:
        if isinstance(value, Mapping):
            _take(file, value, keys, into)
        elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
            for page in _pages_of_list(file, value, keys):
                _take(file, page, keys, into)
        else:
            why = "an empty list does not say of what" if value == [] else "neither an object nor a list of objects"
            into.unread.append(Unread(file, "", why))


def _pages_of_list(file: Found, items: list[Mapping[str, object]], keys: Keys) -> Iterator[Mapping[str, object]]:
    """Yield the answers in a list of answers, or the one that a bare list of things was cut out of."""
    if all(any(key in keys.by_head for key in item) for item in items) and not _listed_as(file, items, keys):
        yield from items
    elif key := _listed_as(file, items, keys):
        yield {key: items}
    else:
        yield from items


def _listed_as(file: Found, items: list[Mapping[str, object]], keys: Keys) -> str | None:
    """Return the key under which AWS lists such things: the one that most of their fields belong to."""
    found = [
        head
        for head, calls in keys.by_head.items()
        for call in calls
        if is_list_of_all(call) and fits(*name_of(call), head, items) and _is_list(call)
    ]
    named = [head for head in found if _plain(head) in _plain(file.parts[-1]) or _plain(file.parts[-1]) in _plain(head)]
    found = list(dict.fromkeys(named or found))
    return found[0] if len(found) == 1 else None


def _is_list(call: Call) -> bool:
    return not call.result.startswith(("[", "{"))


def _plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _take(file: Found, page: Mapping[str, object], keys: Keys, into: Pages) -> None:
    own = set(_add(file, page, "", keys, into))
    for key, value in page.items():
        if key in own or key in _ABOUT:
            continue
        if not _wrapped(file, key, value, keys, into) and not (own and not isinstance(value, (list, Mapping))):
            into.unread.append(Unread(file, key, _reason(key, value, keys)))


def _add(
    file: Found,
    page: Mapping[str, object],
    under: str,
    keys: Keys,
    into: Pages,
    parents: tuple[str, ...] = (),
) -> Iterator[str]:
    """Add the answers that a mapping holds; yield the keys they are made of."""
    is_cut = any(page.get(token) for token in _TOKENS) and page.get("IsTruncated") is not False
    is_cut = is_cut or page.get("IsTruncated") is True
    for key, value in page.items():
        calls = keys.answered(key, value)
        named = tuple(dict.fromkeys((*parents, *(id for call in calls for id in parents_named(call, page)))))
        if not calls or (under and not named):
            continue
        parts = dict.fromkeys(head for call in calls for head in heads(call.result) if head in page)
        values = {head: page[head] for head in parts}
        into.found.append(Page(file, under or key, values, frozenset(map(name_of, calls)), named, is_cut))
        yield from parts


def _wrapped(file: Found, key: str, value: object, keys: Keys, into: Pages) -> bool:
    """Add the answers of a list with one entry for each parent, or of a mapping by parents; tell whether it is one."""
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        added = [list(_add(file, item, key, keys, into)) for item in value]
        return all(added)
    return isinstance(value, Mapping) and bool(list(_add(file, value, key, keys, into, (key,))))


def _reason(key: str, value: object, keys: Keys) -> str:
    if key not in keys.by_head:
        return "not read: no kind of resource is made from it"
    if not isinstance(value, (list, Mapping)):
        return f"unreadable: neither a list nor an object, but {type(value).__name__}"
    return f"not read: it is not what {' or '.join(' '.join(name_of(call)) for call in keys.by_head[key])} answers"
