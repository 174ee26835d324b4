"""One rule of a security group: a direction, a peer and the traffic it admits."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model import traffic
from checker.model.addresses import Cidr
from checker.model.call import ListCall
from checker.model.fact import Fact, Known, Missing, Unknown, known_or
from checker.model.ids import group_id
from checker.model.intervals import IntervalSet
from checker.model.part import Part
from checker.model.record import Origin
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import MADE, VPCS
from checker.resources.protocols import number_of
from checker.resources.reader import Reader
from checker.resources.terraform import attribute, common, each_value, mappings

GROUPS = ("aws_security_group", "aws_default_security_group")
RULE = "aws_security_group_rule"
INGRESS_RULE = "aws_vpc_security_group_ingress_rule"
EGRESS_RULE = "aws_vpc_security_group_egress_rule"
ADOPTED = "aws_default_security_group"
_SUPPLY = "give the value it hangs on, or check a plan made where it is known"


@dataclass(frozen=True)
class GroupPeer:
    """A security group named as the other end."""

    id: str


@dataclass(frozen=True)
class PrefixListPeer:
    """A prefix list named as the other end."""

    id: str


Peer = Cidr | GroupPeer | PrefixListPeer


@dataclass(frozen=True, eq=False, kw_only=True)
class SecurityGroupRule(Resource):
    """A rule; `peer` is the source of an ingress rule and the destination of an egress rule.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
    """

    kind = "security_group_rule"
    belongs = ("group",)

    group: Fact[str]
    ingress: Fact[bool]
    traffic: Fact[IntervalSet]
    peer: Fact[Peer]


def permitted(reader: Reader) -> Fact[IntervalSet]:
    """Return the traffic of `IpProtocol`, `FromPort` and `ToPort`."""
    return reader.text("IpProtocol").then(
        lambda protocol: reader.maybe_number("FromPort").then(
            lambda first: reader.maybe_number("ToPort").then(
                lambda last: reader.check("IpProtocol", lambda: traffic.permitted(protocol, first, last))
            )
        )
    )


def _peer(reader: Reader) -> Fact[Peer]:
    if reader.has("CidrIpv4"):
        return reader.cidr("CidrIpv4")
    if reader.has("CidrIpv6"):
        return reader.cidr("CidrIpv6")
    if reader.has("PrefixListId"):
        return reader.text("PrefixListId").map(PrefixListPeer)
    return reader.text("ReferencedGroupInfo.GroupId").map(GroupPeer)


def _from_api(reader: Reader) -> Iterator[SecurityGroupRule]:
    yield SecurityGroupRule(
        id=reader.must("SecurityGroupRuleId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("Description"),
        arn=reader.plain("SecurityGroupRuleArn") or None,
        tags=reader.tags(),
        group=reader.text("GroupId"),
        ingress=reader.flag("IsEgress").map(lambda egress: not egress),
        traffic=permitted(reader),
        peer=_peer(reader),
    )


def _traffic(reader: Reader, protocol: str) -> Fact[IntervalSet]:
    """Return the traffic of a protocol, `from_port` and `to_port`, as Terraform spells them."""
    return reader.text(protocol).then(
        lambda name: reader.maybe_number("from_port").then(
            lambda first: reader.maybe_number("to_port").then(
                lambda last: reader.check(protocol, lambda: traffic.permitted(number_of(name), first, last))
            )
        )
    )


def _made(
    reader: Reader,
    group: str,
    *,
    ingress: bool,
    allowed: Fact[IntervalSet],
    peer: Fact[Peer],
    whom: str,
    origin: Origin | None = None,
) -> SecurityGroupRule:
    """Return a rule that has no id of its own."""
    direction, preposition = ("ingress", "from") if ingress else ("egress", "to")
    what = known_or(allowed.map(traffic.describe), "unknown traffic")
    return SecurityGroupRule(
        id=f"{group} {direction} {what} {preposition} {whom}",
        scope=reader.scope,
        origin=origin or reader.origin,
        name=reader.plain("description") if origin else "",
        group=Known(group),
        ingress=Known(ingress),
        traffic=allowed,
        peer=peer,
    )


def _anything(reader: Reader, group: str, *, ingress: bool, missing: tuple[Missing, ...]) -> SecurityGroupRule:
    """Return the rule that stands for rules of which nothing is known."""
    lost = Unknown(*missing)
    return _made(reader, group, ingress=ingress, allowed=lost, peer=lost, whom="an unknown peer")


def _peers(reader: Reader, group: Fact[str]) -> Iterator[tuple[str, Fact[Peer], tuple[Missing, ...]]]:
    """Yield what each peer of a block is called, the peer, and what is missing to say that it is one at all.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group_rule
    """
    found = 0
    for key in ("cidr_blocks", "ipv6_cidr_blocks"):
        for item in each_value(reader, key):
            found += 1
            yield item.plain(key, "an unknown peer"), item.cidr(key), ()
    for item in each_value(reader, "prefix_list_ids"):
        found += 1
        yield item.plain("prefix_list_ids", "an unknown peer"), item.id("prefix_list_ids").map(PrefixListPeer), ()
    for item in each_value(reader, "security_groups"):
        name = item.id("security_groups").map(group_id)
        found += 1
        yield known_or(name, "an unknown peer"), name.map(GroupPeer), ()
    own = reader.flag("self", default=False).is_(True)
    if not own.is_no:
        found += 1
        yield known_or(group, "itself"), group.map(GroupPeer), own.missing
    other = reader.maybe_id("source_security_group_id")
    # The provider leaves the attribute to the apply though a rule has but one sort of peer.
    if not other.is_(None).is_yes and (isinstance(other, Known) or not found):
        name = other.map(lambda text: group_id(text or ""))
        yield known_or(name, "an unknown peer"), name.map(GroupPeer), ()


def _of_block(block: Reader, group: str, *, ingress: bool) -> Iterator[SecurityGroupRule]:
    allowed = _traffic(block, "protocol")
    for whom, peer, doubt in _peers(block, Known(group)):
        passes = Unknown(*doubt) if doubt else allowed
        yield _made(block, group, ingress=ingress, allowed=passes, peer=peer, whom=whom, origin=block.line)


def _from_group(reader: Reader) -> Iterator[SecurityGroupRule]:
    """Yield the rules written in a group, without those that are told apart too: the provider reads all into both."""
    if not reader.has("ingress") and not reader.has("egress"):
        return
    group = str(reader.must("id"))
    apart = {
        known
        for key, parse in ((RULE, _from_rule), (INGRESS_RULE, _from_ingress), (EGRESS_RULE, _from_egress))
        for part in mappings(reader, key).items
        if part.has("id")
        for known in map(_value, parse(part))
        if known
    }
    for key, ingress in (("ingress", True), ("egress", False)):
        listed = mappings(reader, key)
        for block in listed.items:
            yield from (rule for rule in _of_block(block, group, ingress=ingress) if _value(rule) not in apart)
        if listed.missing:
            yield _anything(reader, group, ingress=ingress, missing=listed.missing)


def _value(rule: SecurityGroupRule) -> tuple[bool, IntervalSet, Peer] | None:
    ingress, allowed, peer = rule.ingress, rule.traffic, rule.peer
    if isinstance(ingress, Known) and isinstance(allowed, Known) and isinstance(peer, Known):
        return ingress.value, allowed.value, peer.value
    return None


def _doubted(reader: Reader, allowed: Fact[IntervalSet], peer: Fact[Peer]) -> Fact[IntervalSet]:
    """Return the traffic of a rule, unknown where it stands for any number of them: it lets nothing in surely."""
    if reader.is_uncertain and isinstance(peer, Known):
        return Unknown(Missing(f"how many {reader.label} there are", _SUPPLY))
    return allowed


def _from_rule(reader: Reader) -> Iterator[SecurityGroupRule]:
    """Yield one rule for each peer; those of one peer alone keep the id."""
    told = common(reader)
    group, ingress = reader.id("security_group_id"), reader.text("type").map(lambda way: way == "ingress")
    allowed = _traffic(reader, "protocol")
    peers = list(_peers(reader, group))
    if not peers:
        lost = reader.unknown("source_security_group_id")
        peers = [("an unknown peer", lost, ())]
    for whom, peer, doubt in peers:
        preposition = "to" if ingress.is_(False).is_yes else "from"
        told["id"] = str(reader.must("id")) if len(peers) == 1 else f"{reader.must('id')} {preposition} {whom}"
        told["name"] = reader.plain("description")
        yield SecurityGroupRule(
            **told,
            group=group,
            ingress=ingress,
            traffic=_doubted(reader, Unknown(*doubt) if doubt else allowed, peer),
            peer=peer,
        )


def _single_peer(reader: Reader) -> Fact[Peer]:
    for key in ("cidr_ipv4", "cidr_ipv6"):
        if reader.has(key):
            return reader.cidr(key)
    if reader.has("prefix_list_id"):
        return reader.id("prefix_list_id").map(PrefixListPeer)
    return reader.id("referenced_security_group_id").map(lambda text: GroupPeer(group_id(text)))


def _apart(reader: Reader, *, ingress: bool) -> Iterator[SecurityGroupRule]:
    told, peer = common(reader), _single_peer(reader)
    told["name"] = reader.plain("description")
    yield SecurityGroupRule(
        **told,
        group=reader.id("security_group_id"),
        ingress=Known(ingress),
        traffic=_doubted(reader, _traffic(reader, "ip_protocol"), peer),
        peer=peer,
    )


def _from_ingress(reader: Reader) -> Iterator[SecurityGroupRule]:
    return _apart(reader, ingress=True)


def _from_egress(reader: Reader) -> Iterator[SecurityGroupRule]:
    return _apart(reader, ingress=False)


def _from_vpc(reader: Reader) -> Iterator[SecurityGroupRule]:
    """Yield the rules that a VPC's default group comes with: all from itself, and all out.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    """
    adopted = mappings(reader, ADOPTED)
    if adopted.items:
        return
    group = attribute(reader, "default_security_group_id")
    if reader.type != MADE or adopted.missing:
        lost = adopted.missing or reader.unknown("rules of the default security group").missing
        yield from (_anything(reader, group, ingress=ingress, missing=lost) for ingress in (True, False))
        return
    everything = Known(traffic.EVERYTHING)
    yield _made(reader, group, ingress=True, allowed=everything, peer=Known(GroupPeer(group)), whom=group)
    for block in ("0.0.0.0/0", "::/0"):
        yield _made(reader, group, ingress=False, allowed=everything, peer=Known(Cidr.parse(block)), whom=block)


def _from_lookup(reader: Reader) -> Iterator[SecurityGroupRule]:
    lost = reader.unknown("rules").missing
    yield from (_anything(reader, str(reader.must("id")), ingress=ingress, missing=lost) for ingress in (True, False))


KIND = Kind(
    type=SecurityGroupRule,
    spellings={
        ("aws-api", "SecurityGroupRule"): _from_api,
        **{("terraform", group): _from_group for group in GROUPS},
        **{("terraform", vpc): _from_vpc for vpc in VPCS},
        ("terraform", RULE): _from_rule,
        ("terraform", INGRESS_RULE): _from_ingress,
        ("terraform", EGRESS_RULE): _from_egress,
        ("terraform", "data.aws_security_group"): _from_lookup,
    },
    parts=(
        *(
            Part(type=rule, of=group, by="security_group_id")
            for rule in (RULE, INGRESS_RULE, EGRESS_RULE)
            for group in GROUPS
        ),
        *(Part(type=ADOPTED, of=vpc, by="vpc_id") for vpc in VPCS),
    ),
    open_ended=frozenset({RULE, INGRESS_RULE, EGRESS_RULE}),
    calls=(
        ListCall(
            service="ec2",
            operation="describe_security_group_rules",
            type="SecurityGroupRule",
            result="SecurityGroupRules",
            page=("MaxResults", 1000),
        ),
    ),
)
