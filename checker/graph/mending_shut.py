"""Gates that are shut, and what opens them all with the fewest additions.

A packet passes all gates of its way one after the other, so the cheapest opening of all is the shortest path through
them, where each way to open a gate is an edge as long as the number of its changes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from checker.graph.mending import Remedy
from checker.graph.mending_blocks import blocks, runs
from checker.graph.mending_lists import let_through
from checker.graph.mending_needs import Scene
from checker.graph.mending_restore import CannotTellApartError, Restorer
from checker.graph.place import Place
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model import traffic
from checker.model.change import Action, Change, GroupRule
from checker.model.fact import Known
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.resources.network_acl import NetworkAcl

Option = tuple[Change, ...]


@dataclass
class Shut:
    """The gates that are shut on all ways together, each with what it must let through."""

    view: View
    out: dict[tuple[str, ...], dict[Place, IntervalSet]] = field(default_factory=lambda: defaultdict(dict))
    into: dict[tuple[str, ...], tuple[Place, dict[Place, IntervalSet]]] = field(default_factory=dict)
    lists: dict[tuple[str, bool], tuple[NetworkAcl, list[tuple[IntervalSet, IntervalSet]]]] = field(
        default_factory=dict
    )
    done: dict[Change, None] = field(default_factory=dict)
    advice: dict[str, None] = field(default_factory=dict)

    def at_list(self, place: Place, addresses: IntervalSet, wanted: IntervalSet, *, egress: bool) -> None:
        """Note what the list of a subnet must let through."""
        acl = self.view.graph.acls.of(place.subnet, place.vpc)
        if isinstance(acl, Known) and wanted:
            self.lists.setdefault((acl.value.id, egress), (acl.value, []))[1].append((addresses, wanted))

    def change(self, changes: Option | None, otherwise: str) -> None:
        """Note changes that are settled, or advice where there are none."""
        if changes is None:
            self.advice[otherwise] = None
        self.done.update(dict.fromkeys(changes or ()))


def opened(shut: Shut, target: Member) -> Remedy:
    """Return the changes that open every gate that was noted."""
    layers: list[list[Option]] = []
    worn = Counter(group for groups in (*shut.out, *shut.into) for group in groups)
    for groups, targets in shut.out.items():
        layers.append([_sent(group, targets) for group in sorted(groups, key=lambda one: (-worn[one], one))])
    for groups, (place, sources) in shut.into.items():
        try:
            peers = _together(Restorer(Scene(shut.view), {}).peers(sources, target, place))
        except CannotTellApartError as error:
            shut.advice[f"Give those who may come in a security group of their own and let them in: {error}."] = None
            continue
        layers.append(
            [
                tuple(
                    Change(Action.ADD, group, rule)
                    for peer in peers
                    for rule in rules_for(peer, peers[peer], ingress=True)
                )
                for group in sorted(groups, key=lambda one: (-worn[one], one))
            ]
        )
    for (_, egress), (acl, boxes) in shut.lists.items():
        change = let_through(acl, FlowSet.union(boxes), shut.view, egress=egress)
        shut.change(change, f"Renumber the entries of {acl.id}: none can be put before those that deny.")
    layers = [layer for layer in layers if layer]
    chosen = dict.fromkeys((*_shortest(layers), *shut.done))
    return Remedy(tuple(chosen), " ".join(shut.advice))


def _sent(group: str, targets: dict[Place, IntervalSet]) -> Option:
    """Return the egress rules that send to all targets: by the groups that most of them wear, else by address."""
    left = dict(targets)
    found: dict[str, IntervalSet] = {}
    while left:
        worn = Counter(name for place in left for name in place.groups or ())
        if not worn:
            break
        best = max(sorted(worn), key=lambda name: worn[name])
        for place in [one for one in left if best in (one.groups or ())]:
            found[best] = found.get(best, traffic.NOTHING) | left.pop(place)
    for place, wanted in left.items():
        for block in blocks(place.addresses):
            found[block] = found.get(block, traffic.NOTHING) | wanted
    return tuple(
        Change(Action.ADD, group, rule)
        for peer in sorted(found)
        for rule in rules_for(peer, found[peer], ingress=False)
    )


def _together(peers: Iterable[tuple[str, IntervalSet]]) -> dict[str, IntervalSet]:
    found: dict[str, IntervalSet] = {}
    for peer, wanted in peers:
        found[peer] = found.get(peer, traffic.NOTHING) | wanted
    return found


def rules_for(peer: str, wanted: IntervalSet, *, ingress: bool) -> tuple[GroupRule, ...]:
    """Return the rules of a group that grant some traffic to or from a peer."""
    return tuple(GroupRule(ingress, IntervalSet.span(first, last), peer) for first, last in runs(wanted))


def replies_to(wanted: IntervalSet, clients: tuple[int, int]) -> IntervalSet:
    """Return the traffic of the answers to some traffic, to client ports `clients`."""
    protocols = sorted({protocol for protocol, _, _ in traffic.spans(wanted)})
    return IntervalSet.of(
        run
        for number in protocols
        if number in (traffic.TCP, traffic.UDP)
        for run in traffic.ports(number, *clients).intervals
    )


def _shortest(layers: Sequence[Sequence[Option]]) -> Iterator[Change]:
    """Yield the changes of the shortest path through the gates; of options as long, the first is taken."""
    import networkx  # it takes longer to import than all of tierproof, and few remedies need it

    graph = networkx.DiGraph()
    graph.add_node(0)
    for at, options in enumerate(layers):
        for number, option in enumerate(options):
            node: Hashable = ("option", at, number)
            graph.add_edge(at, node, weight=len(option) * len(options) + number)
            graph.add_edge(node, at + 1, weight=0)
    for node in networkx.shortest_path(graph, 0, len(layers), weight="weight"):
        if isinstance(node, tuple):
            _, at, number = node
            yield from layers[at][number]
