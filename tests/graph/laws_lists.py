"""Drawn groups and network ACLs: as records of the EC2 API with facts unseen, and as formulas of what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import z3
from hypothesis import strategies as st

from tests.graph.laws_permissions import Permission, blocks, permissions
from tests.graph.laws_z3 import is_in_block, is_permitted
from tests.graph.network import BLANK, Network

GROUPS, LISTS = ("sg-a", "sg-b", "sg-c"), ("pl-a", "pl-b")
_NUMBERS = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}
# How many facts of one list may go unseen: each doubles the completions to walk through.
MOST = 3


class Open:
    """The open questions of a formula, each a symbol of its own."""

    def __init__(self) -> None:
        self.questions: list[z3.BoolRef] = []

    def __call__(self) -> z3.BoolRef:
        self.questions.append(z3.Bool(f"open-{len(self.questions)}"))
        return self.questions[-1]


@dataclass(frozen=True)
class Rule:
    """A rule of a group; `unseen` names those of its facts (`direction`, `traffic`, `peer`) that were not read."""

    egress: bool
    permission: Permission
    peer: str
    unseen: frozenset[str] = frozenset()

    def raw(self) -> Mapping[str, object]:
        """Return the fields as the API spells them."""
        key = {"sg": "ReferencedGroupInfo", "pl": "PrefixListId"}.get(
            self.peer[:2], "CidrIpv6" if ":" in self.peer else "CidrIpv4"
        )
        peer: object = BLANK if "peer" in self.unseen else self.peer
        return {
            "IsEgress": BLANK if "direction" in self.unseen else self.egress,
            "IpProtocol": BLANK if "traffic" in self.unseen else self.permission.protocol,
            "FromPort": self.permission.first,
            "ToPort": self.permission.last,
            key: {"GroupId": peer} if key == "ReferencedGroupInfo" else peer,
        }


@dataclass(frozen=True)
class Entry:
    """An entry of a network ACL; `unseen` as of a rule, and `action`."""

    number: int
    egress: bool
    allow: bool
    permission: Permission
    block: str
    unseen: frozenset[str] = frozenset()

    def raw(self) -> Mapping[str, object]:
        """Return the fields as the API spells them: protocols by number, types of ICMP apart from ports."""
        mine, protocol = self.permission, _NUMBERS.get(self.permission.protocol, self.permission.protocol)
        found: dict[str, object] = {
            "RuleNumber": self.number,
            "Egress": BLANK if "direction" in self.unseen else self.egress,
            "RuleAction": BLANK if "action" in self.unseen else "allow" if self.allow else "deny",
            "Protocol": BLANK if "traffic" in self.unseen else protocol,
            "Ipv6CidrBlock" if ":" in self.block else "CidrBlock": BLANK if "peer" in self.unseen else self.block,
        }
        if protocol in ("1", "58") and mine.first is not None:
            found["IcmpTypeCode"] = {"Type": mine.first, "Code": mine.last}
        elif protocol in ("6", "17"):
            found["PortRange"] = {"From": mine.first, "To": mine.last}
        return found


@dataclass(frozen=True)
class Lists:
    """Groups with their rules, those that are worn, and prefix lists (None for entries that were not read)."""

    rules: Mapping[str, tuple[Rule, ...]]
    lists: Mapping[str, tuple[str, ...] | None]
    hidden: bool = False
    worn: tuple[str, ...] = field(default=GROUPS)

    def network(self) -> Network:
        """Return the records."""
        net = Network().vpc("vpc-a", "10.0.0.0/16")
        for group, rules in self.rules.items():
            net.add("SecurityGroup", GroupId=group, GroupName=group, VpcId="vpc-a")
            for at, rule in enumerate(rules):
                net.add("SecurityGroupRule", SecurityGroupRuleId=f"sgr-{group}-{at}", GroupId=group, **rule.raw())
        for id, entries in self.lists.items():
            net.add(
                "PrefixList", PrefixListId=id, PrefixListName=id, OwnerId="111122223333", AddressFamily="IPv4",
                Entries=BLANK if entries is None else [{"Cidr": block} for block in entries],
            )  # fmt: skip
        if self.hidden:
            net.hide("SecurityGroupRule")
        return net

    def peers(self, named: str, open_: Open, others: Mapping[str, z3.BoolRef]) -> z3.BoolRef:
        """Return the claim that the packet's other end is a rule's peer; `others` says it of groups."""
        if named.startswith("sg-"):
            return others.get(named, z3.BoolVal(False))
        if named.startswith("pl-"):
            entries = self.lists[named]
            return open_() if entries is None else z3.Or(*map(is_in_block, entries))
        return is_in_block(named)

    def claim(self, *, egress: bool, open_: Open, others: Mapping[str, z3.BoolRef], by_address: bool) -> z3.BoolRef:
        """Return the claim that some rule of the groups worn lets the packet through (semantics 1)."""
        # An unread part of the listing may hold a rule that lets anything through.
        claims = [open_()] if self.hidden else []
        for group in self.worn:
            for rule in self.rules[group]:
                # What may be a group is not known to be one where rules are told by the groups they name.
                parts = [z3.BoolVal(rule.egress is egress) if "direction" not in rule.unseen else open_()]
                mine = rule.permission
                parts.append(
                    open_() if "traffic" in rule.unseen else is_permitted(mine.protocol, mine.first, mine.last)
                )
                if "peer" in rule.unseen:
                    parts.append(open_())
                elif by_address and rule.peer.startswith("sg-"):
                    continue
                else:
                    parts.append(self.peers(rule.peer, open_, others))
                claims.append(z3.And(*parts))
        return z3.Or(*claims)


def _sparse(names: Sequence[str]) -> st.SearchStrategy[frozenset[str]]:
    """Draw what was not seen: mostly nothing."""
    return st.one_of(st.just(frozenset()), st.sampled_from(names).map(lambda name: frozenset({name})))


def _few(items: Sequence[Rule | Entry]) -> bool:
    return sum(len(item.unseen) for item in items) <= MOST


_peers = st.one_of(blocks, blocks, blocks, st.sampled_from(GROUPS), st.sampled_from(LISTS))
_rules = st.lists(
    st.builds(Rule, st.booleans(), permissions, _peers, _sparse(("direction", "traffic", "peer"))),
    min_size=1,
    max_size=3,
).map(tuple)
lists = st.builds(
    Lists,
    st.fixed_dictionaries(dict.fromkeys(GROUPS, _rules)),
    st.fixed_dictionaries(
        {id: st.one_of(st.none(), st.lists(blocks, min_size=1, max_size=3).map(tuple)) for id in LISTS}
    ),
    st.sampled_from((False, False, False, True)),
    st.lists(st.sampled_from(GROUPS), min_size=1, max_size=2, unique=True).map(tuple),
).filter(lambda drawn: _few([rule for rules in drawn.rules.values() for rule in rules]))


# Lists are of interest where their entries meet, so half of what they match is wide.
_met = st.one_of(permissions, st.sampled_from((Permission("-1", None, None), Permission("6", 0, 65535))))
_area = st.one_of(blocks, st.sampled_from(("0.0.0.0/0", "10.0.0.0/8", "::/0")))


@st.composite
def entries(draw: st.DrawFn, names: Sequence[str] = ("direction", "traffic", "peer", "action")) -> tuple[Entry, ...]:
    """Draw the entries of a list in any order, some of whose facts, of `names`, were not seen."""
    size = draw(st.integers(1, 6))
    numbers = draw(st.permutations(range(100, 100 + size)))
    unseen = _sparse(names) if names else st.just(frozenset())
    egress = st.sampled_from((False, False, False, True))
    found = tuple(
        draw(st.builds(Entry, st.just(number), egress, st.booleans(), _met, _area, unseen)) for number in numbers
    )
    return found if _few(found) else tuple(replace(one, unseen=frozenset()) for one in found)


def decided(listed: Sequence[Entry], *, egress: bool, open_: Open) -> z3.BoolRef:
    """Return the claim that a list lets the packet through: the lowest number that matches decides (semantics 17)."""
    claim = z3.BoolVal(False)
    for entry in sorted(listed, key=lambda entry: -entry.number):
        if "direction" not in entry.unseen and entry.egress is not egress:
            continue
        parts = list(_matching(entry, open_))
        allows = open_() if "action" in entry.unseen else z3.BoolVal(entry.allow)
        claim = z3.If(z3.And(*parts), allows, claim)
    return claim


def _matching(entry: Entry, open_: Open) -> Iterator[z3.BoolRef]:
    if "direction" in entry.unseen:
        yield open_()
    mine = entry.permission
    yield open_() if "traffic" in entry.unseen else is_permitted(mine.protocol, mine.first, mine.last)
    yield open_() if "peer" in entry.unseen else is_in_block(entry.block)
