"""What people call things: ids, ARNs, names, addresses and tiers, made into ends of a question."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from checker.errors import UsageError
from checker.graph.graph import Graph
from checker.graph.index import values
from checker.graph.query.end import End, spots
from checker.graph.query.holdings import KINDS, end_of, owner_behind
from checker.graph.query.numbers import end_at, is_address
from checker.graph.stack import Stack
from checker.model import addresses as line
from checker.model.blueprint import TIERS
from checker.model.fact import merge
from checker.model.resource import Resource
from checker.resources.load_balancer import LoadBalancer

INTERNET, PREMISES = "internet", "on-premises"
# Ids that AWS gives once only; a name is unique in its account and Region at best.
_UNIQUE = re.compile(r"^([a-z]+-[0-9a-f]{8,17}|arn:.+)$")
_MOST = 12


class Names:
    """Every name by which the resources of a graph and the tiers of its stacks can be asked for."""

    def __init__(self, graph: Graph, stacks: Sequence[Stack]) -> None:
        self._graph = graph
        self._stacks = stacks
        self._called: Mapping[str, tuple[Resource, ...]] | None = None

    def resolve(self, text: str) -> End:
        """Return the end that `text` means.

        It is `internet`, `on-premises`, an address or block (in one VPC: `vpc-…/10.0.0.5`), an id, an ARN, a name
        (exactly: `KIND:NAME` or `ACCOUNT/REGION/NAME`), or a tier (`app`, `STACK/app`). Raises `UsageError` for what
        nothing is called, with the closest matches, and for what several things are called, with a list of them.
        """
        wanted = text.strip()
        if wanted.lower() == INTERNET:
            return End(text, INTERNET, INTERNET, "the internet", outside=line.INTERNET)
        if wanted.lower() == PREMISES:
            note = "on-premises means every private address, over VPNs, Direct Connect and transit gateways"
            return End(text, PREMISES, PREMISES, "on-premises", outside=line.PRIVATE, notes=(note,))
        if is_address(wanted):
            return end_at(wanted, self._graph)
        found = self._resources(wanted)
        tiers = list(self._tiers(wanted))
        if not found and not tiers:
            raise UsageError(f"nothing here is called {text!r}", hint=self._closest(wanted))
        if len(found) + len(tiers) > 1:
            raise UsageError(f"{text!r} could be several things", hint=self._choices(found, tiers))
        return end_of(found[0], text, self._graph) if found else self._tier_end(*tiers[0], text)

    def _resources(self, text: str) -> tuple[Resource, ...]:
        """Return what is called so and has a place, or leads out of one; those that are parts of one are that one."""
        name, wanted_kind, account, region = _exact(text)
        found = list(self._names.get(text, ())) or [
            item
            for item in self._names.get(name, ())
            if wanted_kind in (None, item.kind)
            and account in (None, item.scope.account)
            and region in (None, item.scope.region)
        ]
        once: dict[tuple[str, object], Resource] = {}
        for item in found:
            # A shared subnet and what stands in it may have been read from several accounts.
            once.setdefault((item.kind, item.id if _UNIQUE.match(item.id) else (item.scope, item.id)), item)
        left = tuple(once.values())
        for level in (0, 1):
            placed = tuple(item for item in left if KINDS.get(item.kind) == level)
            if placed:
                break
        else:
            if left and not list(self._tiers(text)):
                kinds = " and of a ".join(sorted({item.kind.replace("_", " ") for item in left}))
                raise UsageError(
                    f"{text!r} is what a {kinds} is called, and that has no place in a network",
                    hint="ask for what stands in the network: an instance, an interface, a subnet, a load balancer",
                )
            return ()
        by_owner = dict.fromkeys(owner_behind(item, self._graph) for item in placed)
        return placed if len(placed) == 1 else tuple(by_owner)

    @property
    def _names(self) -> Mapping[str, tuple[Resource, ...]]:
        if self._called is None:
            called: dict[str, list[Resource]] = defaultdict(list)
            for item in self._graph.inventory.resources:
                for text in dict.fromkeys(_texts(item)):
                    called[text].append(item)
            self._called = {text: tuple(items) for text, items in called.items()}
        return self._called

    def _tiers(self, text: str) -> Iterator[tuple[Stack, str]]:
        """Yield the tiers that a text means: of a stack so called, else of those whose names begin so."""
        wanted, _, tier = text.rpartition("/")
        if tier not in TIERS:
            return
        having = [stack for stack in self._stacks if stack.members.get(tier)]
        exact = [stack for stack in having if wanted in ("", stack.name, stack.id)]
        for stack in exact or [stack for stack in having if stack.name.startswith(wanted)]:
            yield stack, tier

    def _tier_end(self, stack: Stack, tier: str, text: str) -> End:
        members = [member for name in TIERS if name == tier for member in stack.tier(name)]
        endpoints = [endpoint for member in members for endpoint in member.endpoints]
        return End(
            asked=text,
            kind="tier",
            id=f"{stack.id}/{tier}",
            name=f"{stack.name}/{tier}",
            scope=stack.scope,
            owners=tuple(member.owner for member in members),
            spots=spots(endpoints, self._graph),
            missing=merge(
                *(member.lost for member in members), *(stack.open.get(name, ()) for name in TIERS if name == tier)
            ),
        )

    def _closest(self, text: str) -> str:
        """Return the names nearest to one that nothing has; ids are compared with ids of their kind only."""
        if text.rpartition("/")[2] in TIERS and not self._stacks:
            return "no stack was found, so there are no tiers to name"
        name = _exact(text)[0]
        prefix = re.match(r"[a-z]+-(?=[0-9a-f]{4,}$)", name)
        pool: Iterable[str] = self._names
        if prefix:
            pool = (known for known in self._names if known.startswith(prefix[0]))
        near = [known for known in pool if abs(len(known) - len(name)) <= max(3, len(name) // 3)]
        tiers = [f"{stack.name}/{tier}" for stack in self._stacks for tier in TIERS if stack.members.get(tier)]
        close = get_close_matches(name, [*near, *tiers, INTERNET, PREMISES], n=3, cutoff=0.6)
        if close:
            return f"did you mean {' or '.join(close)}?"
        lists = (found for kind, found in self._graph.inventory.gaps.items() if kind.kind in KINDS)
        gaps = merge(*(gap for by_scope in lists for gap in by_scope.values()))
        unread = f"; not everything was read: {gaps[0].fact}" if gaps else ""
        return f"give an id, an ARN, a name, an address, internet, or a tier such as STACK/app{unread}"

    def _choices(self, found: Sequence[Resource], tiers: Sequence[tuple[Stack, str]]) -> str:
        lines = [
            f"{item.kind.replace('_', ' ')} {item.label} in {item.scope}: ask for {_spelling(item, found)}"
            for item in sorted(found, key=lambda one: (one.kind, one.scope, one.id))
        ]
        lines += [f"tier {tier} of stack {stack.name}: ask for {stack.name}/{tier}" for stack, tier in tiers]
        more = [f"and {len(lines) - _MOST} more"] if len(lines) > _MOST else []
        return "\n  ".join([*lines[:_MOST], *more])


def _texts(item: Resource) -> Iterator[str]:
    yield from (text for text in (item.id, item.name, item.arn) if text)
    if isinstance(item, LoadBalancer):
        yield from values(item.dns_name)


def _exact(text: str) -> tuple[str, str | None, str | None, str | None]:
    """Return the name, kind, account and Region that a text gives: `KIND:NAME`, `ACCOUNT/REGION/NAME` or an ARN."""
    if text.startswith("arn:") and text.count(":") >= 5:
        _, _, _, region, account, rest = text.split(":", 5)
        return re.split(r"[:/]", rest)[-1], None, account or None, region or None
    kind, colon, rest = text.partition(":")
    wanted = kind.replace("-", "_") if colon and kind.replace("-", "_") in KINDS else None
    name = rest if wanted else text
    parts = name.split("/")
    if len(parts) == 3 and re.fullmatch(r"\d{12}", parts[0]):
        return parts[2], wanted, parts[0], parts[1]
    return name, wanted, None, None


def _spelling(item: Resource, among: Sequence[Resource]) -> str:
    """Return the shortest text that means one of several resources only."""
    if _UNIQUE.match(item.id):
        return item.id
    if item.arn:
        return item.arn
    alike = [one for one in among if one.kind == item.kind and one.id == item.id]
    return f"{item.kind}:{item.id}" if len(alike) == 1 else f"{item.kind}:{item.scope}/{item.id}"
