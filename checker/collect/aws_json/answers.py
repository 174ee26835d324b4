"""Answering the declared calls from files: to each request what AWS answered when the files were made."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import jmespath  # type: ignore[import-untyped]  # it has no types

from checker.collect.aws.calls import Answer, add_page
from checker.collect.aws.plan import Request, Step, parent_id
from checker.collect.aws_json import forms
from checker.collect.aws_json.files import Found
from checker.collect.aws_json.interfaces import INSTANCES, INTERFACE, of_instances
from checker.collect.aws_json.keys import heads, name_of
from checker.collect.aws_json.listings import GLOBAL, Listings
from checker.collect.aws_json.pages import Page
from checker.collect.aws_json.parents import assign, called_after, plain
from checker.collect.aws_json.places import told_by_folders
from checker.collect.aws_json.propagation import PROPAGATIONS, SEARCH, compose
from checker.collect.aws_json.refusals import cut, missing, names_of, placeless, unreadable
from checker.collect.duplicates import canonical, merged
from checker.model.call import Call, DetailCall, ListCall
from checker.model.record import Scope


class Answers:
    """What the files answer; which page was used is kept, so that the rest can be told."""

    def __init__(self, pages: Sequence[Page], listings: Listings, calls: Sequence[Call]) -> None:
        self._listings = listings
        self._calls = calls
        self._pages: dict[tuple[str, str], list[Page]] = defaultdict(list)
        for page in pages:
            for name in sorted(page.calls):
                self._pages[name].append(page)
        self._known: dict[str, tuple[str, ...]] = {}
        self.used: set[tuple[Found, str]] = set()
        self._assigned: dict[tuple[int, Scope], Mapping[str, list[Page]]] = {}

    def has(self, call: Call, scope: Scope) -> bool:
        """Tell whether any file may answer a call."""
        return any(_may_be_of(page, scope) for page in self._pages[name_of(call)])

    def give(self, step: Step, request: Request, parents: Sequence[str]) -> Answer:
        """Return the answer to one request; `parents` are the ids that the call asks about in all its requests."""
        call = step.call
        if isinstance(call, DetailCall):
            return self._of_parent(call, step.scope, request.parents[0], parents)
        if call.each:
            return self._of_some(call, step, request, parents)
        return self._of_all(call, step.scope)

    def _of_all(self, call: ListCall, scope: Scope) -> Answer:
        listing = self._listings.get(call, scope)
        lost = None if scope.region == GLOBAL else self._listings.placeless.get(name_of(call))
        if lost:
            # Everything else that is listed of the call stands, but what is lost may be here.
            self._use(page for page in self._pages[name_of(call)] if page.file == lost)
        if listing is None:
            return Answer(self._embedded(call, scope), placeless(call, lost) if lost else missing(call))
        self._use(page for page in self._pages[name_of(call)] if page.file in listing.files)
        value = self._value(call, scope, listing.values, listing.files)
        if listing.differs:
            return Answer([], unreadable(call, f"{names_of(listing.files)} tell it differently"))
        if listing.is_cut and not listing.ends:
            return Answer(value, cut(call, listing.files))
        return Answer(value, placeless(call, lost) if lost else forms.shortcoming(call, value))

    def _embedded(self, call: ListCall, scope: Scope) -> list[object]:
        """Return what other answers tell of a listing that no file holds; it is not all."""
        instances = self._listings.get(INSTANCES, scope) if call.type == INTERFACE else None
        if instances is None or instances.differs:
            return []
        found = list(of_instances(instances.values))
        for item in found:
            self._listings.origins[id(item)] = instances.files[0]
        return merged(call.type, scope, found, self._place)

    def _value(
        self, call: ListCall, scope: Scope, values: Mapping[str, object], files: Sequence[Found]
    ) -> list[object]:
        found = jmespath.search(call.result, dict(values))
        items = [forms.as_asked(call, item) for item in found if item is not None] if isinstance(found, list) else []
        for before, item in zip((item for item in found or () if item is not None), items, strict=True):
            self._listings.origins[id(item)] = self._listings.origins.get(id(before), files[0])
        whole = merged(call.type, scope, items, self._place)
        for item in whole:
            self._listings.origins.setdefault(id(item), files[0])
        return whole

    def _of_some(self, call: ListCall, step: Step, request: Request, parents: Sequence[str]) -> Answer:
        """Return what is listed of one parent: things that name it, or all of a page that is said to be of it."""
        scope = step.scope
        own = {key: value for key, value in request.arguments.items() if key not in call.arguments}
        asked = {key: value for key, value in own.items() if isinstance(value, str)}
        pages = [page for page in self._pages[name_of(call)] if _may_be_of(page, scope)]
        head = heads(call.result)[0]
        parent = next(iter(asked.values()), "")
        said = self._pages_by_parent(call, scope, parents).get(parent, [])
        found: list[object] = []
        for page in pages:
            value = page.values.get(head)
            for item in value if isinstance(value, list) else ():
                if isinstance(item, Mapping) and (
                    page in said or all(item.get(key) == text for key, text in asked.items())
                ):
                    full = item if page not in said else {**asked, **item}
                    self._listings.origins[id(full)] = page.file
                    found.append(full)
                    self._use((page,))
        found = merged(call.type, scope, found, self._place)
        self._use(said)
        versions = request.arguments.get("Versions")
        if isinstance(versions, list) and "Versions" not in call.arguments:
            found = [item for item in found if isinstance(item, Mapping) and str(item.get("VersionNumber")) in versions]
            missed = sorted(
                set(versions) - {str(item.get("VersionNumber")) for item in found if isinstance(item, Mapping)}
            )
            return Answer(found, missing(call, f"version {', '.join(missed)} of {parent}") if missed else None)
        if not said and not found and not self._is_empty_of(call, scope, parents, len(pages)):
            return Answer([], missing(call, parent))
        unfinished = [page for page in pages if page.is_cut and (page in said or not page.parents)]
        if unfinished and len(unfinished) == len(pages):
            return Answer(found, cut(call, [page.file for page in unfinished]))
        return Answer(found)

    def _is_empty_of(self, call: ListCall, scope: Scope, parents: Sequence[str], pages: int) -> bool:
        """Tell whether there are answers without anything in them for all parents that nothing was listed of."""
        head = heads(call.result)[0]
        empty = sum(
            page.values.get(head) == [] and not page.parents and not page.is_cut and _may_be_of(page, scope)
            for page in self._pages[name_of(call)]
        )
        listed = {
            value
            for page in self._pages[name_of(call)]
            for item in (page.values[head] if isinstance(page.values.get(head), list) else ())  # type: ignore[attr-defined]  # a list, as just asked
            if isinstance(item, Mapping)
            for value in item.values()
            if isinstance(value, str)
        }
        silent = [parent for parent in parents if parent not in listed]
        return bool(pages) and empty >= len(silent)

    def _of_parent(self, call: DetailCall, scope: Scope, parent: str, parents: Sequence[str]) -> Answer:
        pages = self._pages_by_parent(call, scope, parents).get(parent, [])
        if name_of(call) == name_of(SEARCH):
            return self._of_table(call, scope, parent, parents)
        return self._told_by(call, pages, parent)

    def _of_table(self, call: DetailCall, scope: Scope, parent: str, parents: Sequence[str]) -> Answer:
        """Return the routes of a transit gateway's table, those that attachments propagate composed where need be."""
        pages = self._pages_by_parent(call, scope, parents).get(parent, [])
        told = self._told_by(call, pages, parent)
        spread = self._pages_by_parent(PROPAGATIONS, scope, parents).get(parent, [])
        static_only = any("static" in f"{page.key} {page.file.parts[-1]}".lower() for page in pages)
        if told.refusal or not (spread or static_only):
            return told
        propagations = self._told_by(PROPAGATIONS, spread, parent)
        return (
            propagations
            if propagations.refusal
            else compose(call, told.value, propagations.value, self._listings, parent)
        )

    def _told_by(self, call: DetailCall, pages: Sequence[Page], parent: str) -> Answer:
        """Return the answer that the pages of one parent make up."""
        if not pages:
            return Answer(None, missing(call, parent))
        self._use(pages)
        whole: dict[str, object] = {}
        distinct = list({canonical(page.values): page for page in pages}.values())
        if len(distinct) > 1 and not forms.is_in_pieces(call, distinct):
            files = [page.file for page in distinct]
            return Answer(None, unreadable(call, f"{names_of(files)} tell it differently of {parent}"))
        for page in distinct:
            add_page(whole, {key: [*value] if isinstance(value, list) else value for key, value in page.values.items()})
        if all(page.is_cut for page in pages):
            return Answer(None, cut(call, [page.file for page in pages]))
        value = jmespath.search(call.result, whole)
        if value is None and isinstance(whole.get(heads(call.result)[0]), list):
            value = []
        if isinstance(value, list):
            value = [item for item in value if _is_asked_for(call, item)]
        if call.match and isinstance(value, list):
            value = [item for item in value if isinstance(item, Mapping) and item.get(call.match) == parent]
        return Answer(value)

    def _pages_by_parent(self, call: Call, scope: Scope, parents: Sequence[str]) -> Mapping[str, list[Page]]:
        key = (id(call), scope)
        if key not in self._assigned:
            pages = [page for page in self._pages[name_of(call)] if _may_be_of(page, scope)]
            pages = [page for page in pages if not self._is_rather_anothers(call, page, parents)]
            self._assigned[key] = assign(call, pages, parents)
        return self._assigned[key]

    def _is_rather_anothers(self, call: Call, page: Page, parents: Sequence[str]) -> bool:
        """Tell whether a page that may answer several calls is called after another's operation or parent."""
        rivals = [other for other in self._calls if name_of(other) in page.calls and name_of(other) != name_of(call)]
        if not rivals or page.parents:
            return False
        path = plain("-".join(page.file.parts[-2:]))
        if named := [one.operation for one in (call, *rivals) if plain(one.operation.partition("_")[2]) in path]:
            return call.operation not in named
        own = called_after(page.file, parents)[1]
        return any(called_after(page.file, self._ids(other))[1] >= own for other in rivals) and own > 0

    def _ids(self, call: Call) -> tuple[str, ...]:
        """Return the ids of the parents that a call of details can ask about, in all scopes."""
        if not isinstance(call, DetailCall):
            return ()
        if call.of not in self._known:
            listing = [one for one in self._calls if isinstance(one, ListCall) and one.type == call.of]
            raw = (item for one in listing for item in self._listings.everything(one))
            self._known[call.of] = tuple(dict.fromkeys(id_ for item in raw if (id_ := parent_id(call, item))))
        return self._known[call.of]

    def _use(self, pages: Iterable[Page]) -> None:
        self.used.update((page.file, page.key) for page in pages)

    def _place(self, item: object) -> str:
        found = self._listings.origins.get(id(item))
        return str(found.path) if found else "a file"


def _may_be_of(page: Page, scope: Scope) -> bool:
    account, region = told_by_folders(page.file.parts)
    return account in (None, scope.account) and (region in (None, GLOBAL, scope.region) or scope.region == GLOBAL)


def _is_asked_for(call: DetailCall, item: object) -> bool:
    """Tell whether an item is one that the declared arguments ask for, as far as it tells."""
    if not isinstance(item, Mapping):
        return True
    return all(item[key] == value for key, value in call.arguments.items() if isinstance(value, str) and key in item)


def parents_asked(requests: Sequence[Request], call: Call) -> tuple[str, ...]:
    """Return the ids of the parents that requests ask about, in their order."""
    if isinstance(call, DetailCall):
        return tuple(dict.fromkeys(parent for request in requests for parent in request.parents))
    own = [value for request in requests for key, value in request.arguments.items() if key not in call.arguments]
    return tuple(dict.fromkeys(value for value in own if isinstance(value, str)))
