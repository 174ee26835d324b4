"""What was listed where: the pages of each call that lists a whole Region, put together by account and Region."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from checker.collect.aws_json.files import Found
from checker.collect.aws_json.keys import CallName, heads, is_list_of_all, name_of
from checker.collect.aws_json.pages import Page
from checker.collect.aws_json.places import (
    UNKNOWN_ACCOUNT,
    UNKNOWN_REGION,
    Neighbours,
    collecting_accounts,
    own_account,
    own_region,
    told_by_folders,
)
from checker.model.call import Call, ListCall, Raw
from checker.model.record import Scope

GLOBAL = "global"


@dataclass
class Listing:
    """The answer of one call in one scope: its values by key, whether its end is missing, its files."""

    values: dict[str, object] = field(default_factory=dict)
    ends: bool = False
    is_cut: bool = False
    differs: bool = False
    files: list[Found] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class _Item:
    """One thing of a page, and where it is as far as that is known by now; `raw` is empty for a mere name."""

    page: Page
    call: ListCall
    value: object
    raw: Raw
    account: str | None
    region: str | None


class Listings:
    """Every listing of every scope that the files tell of."""

    def __init__(self, pages: Sequence[Page], calls: Iterable[Call]) -> None:
        self.origins: dict[int, Found] = {}
        self.placeless: dict[CallName, Found] = {}
        self._found: dict[tuple[CallName, Scope], Listing] = {}
        self._calls = {name_of(call): call for call in calls if isinstance(call, ListCall) and is_list_of_all(call)}
        self._neighbours = Neighbours()
        self._pages = pages
        self._count = Counter(name for page in pages for name in page.calls)
        own = [(page, self._calls[name]) for page in pages for name in page.calls if name in self._calls]
        raw = [item for page, call in own for item in _items(page, call)]
        self._accounts = collecting_accounts((item.call.type, item.raw) for item in raw if item.account is None)
        self._home = self._accounts[0] if self._accounts else UNKNOWN_ACCOUNT
        placed = self._placed(raw)
        self.scopes = self._scopes(placed)
        self.mixed = _mixes_regions(placed)
        self._gather(placed, own)

    def get(self, call: Call, scope: Scope) -> Listing | None:
        """Return the listing of a call in a scope, or nothing where no file has it."""
        return self._found.get((name_of(call), scope))

    def everything(self, call: Call) -> Iterator[Raw]:
        """Yield what was listed by a call in all scopes, for calls whose result is a plain list."""
        for (name, _), listing in self._found.items():
            value = listing.values.get(call.result) if name == name_of(call) else None
            yield from (item for item in (value if isinstance(value, list) else ()) if isinstance(item, Mapping))

    @property
    def accounts(self) -> tuple[str, ...]:
        """Return the accounts, sorted."""
        return tuple(sorted({scope.account for scope in self.scopes}))

    def regions(self, account: str) -> tuple[str, ...]:
        """Return the Regions of an account, sorted."""
        return tuple(sorted(scope.region for scope in self.scopes if scope.account == account))

    def account_of(self, item: _Item) -> str:
        """Return the account whose answer an item is from."""
        if item.account:
            return item.account
        if len(self._accounts) > 1:
            owner, _ = own_account(item.call.type, item.raw)
            if owner in self._accounts:
                return owner or self._home
        return self._home

    def _placed(self, items: Sequence[_Item]) -> list[_Item]:
        """Return the items with their accounts, and with Regions as far as anything tells them."""
        first = []
        for item in items:
            region = item.region or (GLOBAL if item.call.is_global else own_region(item.call.type, item.raw))
            if region and region != GLOBAL:
                self._neighbours.learn(item.raw, region)
            first.append(_with(item, self.account_of(item), region))
        second = []
        for item in first:
            region = item.region or self._neighbours.region(item.raw)
            if region and region != GLOBAL:
                self._neighbours.learn(item.raw, region)
            second.append(_with(item, item.account, region))
        # What names only what was placed just now, such as a table of a VPC that its load balancer told of.
        third = [_with(item, item.account, item.region or self._neighbours.region(item.raw)) for item in second]
        return self._with_the_rest(third)

    def _with_the_rest(self, items: Sequence[_Item]) -> list[_Item]:
        """Return the items, those that nothing places put with the rest of their page, or where all others are."""
        by_page: dict[Page, set[str]] = defaultdict(set)
        all_: dict[str | None, set[str]] = defaultdict(set)
        for item in items:
            if item.region and item.region != GLOBAL:
                by_page[item.page].add(item.region)
                all_[item.account].add(item.region)
        for page in self._pages:
            account, region = told_by_folders(page.file.parts)
            if region and region != GLOBAL:
                all_[account or self._home].add(region)
        found = []
        for item in items:
            near, known = by_page[item.page], all_[item.account]
            only = next(iter(near if len(near) == 1 else known), None) if len(near) == 1 or len(known) == 1 else None
            # Where there are several Regions, nobody can tell which of them it is in.
            region = item.region or only or (None if known else UNKNOWN_REGION)
            found.append(_with(item, item.account, region))
        return found

    def _scopes(self, items: Sequence[_Item]) -> tuple[Scope, ...]:
        found = {Scope(item.account or self._home, item.region) for item in items if item.region not in (None, GLOBAL)}
        for page in self._pages:
            account, region = told_by_folders(page.file.parts)
            if region and region != GLOBAL:
                found.add(Scope(account or self._home, region))
        accounts = {scope.account for scope in found} | {item.account or self._home for item in items}
        for account in accounts or {self._home}:
            if not any(scope.account == account for scope in found):
                found.add(Scope(account, UNKNOWN_REGION))
        return tuple(sorted(found))

    def _gather(self, items: Sequence[_Item], own: Sequence[tuple[Page, ListCall]]) -> None:
        by_page: dict[tuple[Page, CallName], dict[Scope, list[object]]] = defaultdict(lambda: defaultdict(list))
        for item in items:
            if item.region is None:
                self.placeless[name_of(item.call)] = item.page.file
                continue
            scope = Scope(item.account or self._home, item.region)
            by_page[item.page, name_of(item.call)][scope].append(item.value)
            for raw in (item.raw, *(inner for part in item.raw.values() if isinstance(part, list) for inner in part)):
                self.origins[id(raw)] = item.page.file
        for page, call in own:
            head = heads(call.result)[0]
            parts = by_page[page, name_of(call)]
            for scope in self._told_of(page, call, parts):
                listing = self._found.setdefault((name_of(call), scope), Listing())
                listing.files.append(page.file)
                listing.is_cut |= page.is_cut
                listing.ends |= not page.is_cut
                value = page.values[head]
                _add(listing, head, parts.get(scope, []) if isinstance(value, list) else value)
                for other in page.values:
                    if other != head:
                        _add(listing, other, page.values[other])

    def _told_of(self, page: Page, call: ListCall, parts: Mapping[Scope, list[object]]) -> Iterator[Scope]:
        """Yield the scopes that a page answers for: those of its things, and those it is said to be of.

        A page that says of no Region that it is its own lists all Regions if pages do so elsewhere, and if there is
        but one.
        """
        account, region = told_by_folders(page.file.parts)
        account = account or self._home
        told = dict.fromkeys(parts)
        if call.is_global:
            told[Scope(account, GLOBAL)] = None
        elif region and region != GLOBAL:
            told[Scope(account, region)] = None
        else:
            here = [scope for scope in self.scopes if scope.account == account]
            if len(here) == 1 or (self.mixed and self._count[name_of(call)] == 1):
                told.update(dict.fromkeys(here))
        yield from told


def _add(listing: Listing, key: str, value: object) -> None:
    before = listing.values.get(key)
    if isinstance(value, list):
        listing.values[key] = [*(before if isinstance(before, list) else ()), *value]
    else:
        listing.differs |= before is not None and before != value
        listing.values[key] = value


def _items(page: Page, call: ListCall) -> Iterator[_Item]:
    head = heads(call.result)[0]
    value = page.values.get(head)
    account, region = told_by_folders(page.file.parts)
    region = GLOBAL if call.is_global else None if region == GLOBAL else region
    for raw in value if isinstance(value, list) else (value,):
        yield _Item(page, call, raw, raw if isinstance(raw, Mapping) else {}, account, region)


def _with(item: _Item, account: str | None, region: str | None) -> _Item:
    return _Item(item.page, item.call, item.value, item.raw, account, region)


def _mixes_regions(items: Sequence[_Item]) -> bool:
    regions: dict[Page, set[str | None]] = defaultdict(set)
    for item in items:
        regions[item.page].add(item.region)
    return any(len(found - {None, GLOBAL, UNKNOWN_REGION}) > 1 for found in regions.values())
