"""A virtual private cloud."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import MADE, VPCS
from checker.resources.reader import Reader, collect, joined, present
from checker.resources.terraform import common

V4_BLOCKS = "aws_vpc_ipv4_cidr_block_association"
V6_BLOCKS = "aws_vpc_ipv6_cidr_block_association"


@dataclass(frozen=True, eq=False, kw_only=True)
class Vpc(Resource):
    """A network; `cidrs` are its blocks of both families, the primary one first.

    One that `is_plain` surely has one IPv4 block and no other, known or not. In one that stands `outside` of what was
    read, or was there before it, anything may stand.
    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html
    """

    kind = "vpc"

    cidrs: Fact[tuple[Cidr, ...]]
    is_default: Fact[bool]
    is_plain: bool = False
    outside: bool = False


def associated(reader: Reader, family: str = "") -> Fact[tuple[Cidr, ...]]:
    """Return the associated blocks of a VPC or subnet; `family` is empty for IPv4, or `Ipv6`."""

    def block(item: Reader) -> Fact[Cidr | None]:
        # A block on its way in or out has no address in use, and may have no text yet.
        state = item.text(f"{family}CidrBlockState.State", default="associated")
        return state.then(lambda code: item.cidr(f"{family}CidrBlock") if code == "associated" else Known(None))

    return present(reader.each(f"{family}CidrBlockAssociationSet", block))


def _from_api(reader: Reader) -> Iterator[Vpc]:
    yield Vpc(
        id=reader.must("VpcId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        cidrs=joined(collect([reader.cidr("CidrBlock")]), associated(reader), associated(reader, "Ipv6")),
        is_default=reader.flag("IsDefault", default=False),
    )


def _v6_block(reader: Reader) -> Fact[Cidr | None]:
    """Return the IPv6 block that comes with a VPC: one that Amazon or a pool gives is not known before the apply.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc
    """
    block = reader.maybe("ipv6_cidr_block")
    asked = reader.flag("assign_generated_ipv6_cidr_block", default=False).is_(True)
    if asked.is_no and not reader.has("ipv6_ipam_pool_id") and not isinstance(block, Known):
        return Known(None)  # the provider leaves the attribute to the apply though nobody asked for a block
    told: Fact[Cidr | None] = block.then(lambda text: reader.cidr("ipv6_cidr_block") if text else Known(None))
    if block.is_(None).is_yes and not asked.is_no:
        return reader.unknown("ipv6_cidr_block")
    return told


def has_v6(reader: Reader) -> bool:
    """Tell whether a VPC of Terraform has, or could have, an IPv6 block."""
    return not _v6_block(reader).is_(None).is_yes or reader.has(V6_BLOCKS)


def blocks(reader: Reader) -> Fact[tuple[Cidr, ...]]:
    """Return the blocks of a VPC of Terraform with those that are associated with it apart."""
    return joined(
        collect([reader.cidr("cidr_block")]),
        reader.cidrs(V4_BLOCKS, "cidr_block"),
        present(collect([_v6_block(reader)])),
        reader.cidrs(V6_BLOCKS, "ipv6_cidr_block"),
    )


def _from_terraform(reader: Reader) -> Iterator[Vpc]:
    plain = reader.type == MADE and not has_v6(reader) and not reader.has(V4_BLOCKS)
    yield Vpc(
        **common(reader),
        cidrs=blocks(reader),
        is_default=Known(reader.type == "aws_default_vpc"),
        is_plain=plain,
        outside=reader.type != MADE,
    )


def _from_lookup(reader: Reader) -> Iterator[Vpc]:
    def associated_block(item: Reader) -> Fact[Cidr | None]:
        return item.text("state").then(lambda code: item.cidr("cidr_block") if code == "associated" else Known(None))

    v6: Fact[Cidr | None] = reader.maybe("ipv6_cidr_block").then(
        lambda text: reader.cidr("ipv6_cidr_block") if text else Known(None)
    )
    yield Vpc(
        **common(reader),
        cidrs=joined(
            collect([reader.cidr("cidr_block")]),
            present(reader.each("cidr_block_associations", associated_block)),
            present(collect([v6])),
        ),
        is_default=reader.flag("default"),
        outside=True,
    )


KIND = Kind(
    type=Vpc,
    spellings={
        ("aws-api", "Vpc"): _from_api,
        ("terraform", "aws_vpc"): _from_terraform,
        ("terraform", "aws_default_vpc"): _from_terraform,
        ("terraform", "data.aws_vpc"): _from_lookup,
    },
    parts=tuple(Part(type=blocks_of, of=vpc, by="vpc_id") for vpc in VPCS for blocks_of in (V4_BLOCKS, V6_BLOCKS)),
    calls=(
        ListCall(
            service="ec2",
            operation="describe_vpcs",
            type="Vpc",
            result="Vpcs",
            page=("MaxResults", 1000),
        ),
    ),
)
