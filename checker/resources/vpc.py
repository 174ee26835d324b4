"""A virtual private cloud."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader, collect, joined, present


@dataclass(frozen=True, eq=False, kw_only=True)
class Vpc(Resource):
    """A network; `cidrs` are its blocks of both families, the primary one first.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html
    """

    kind = "vpc"

    cidrs: Fact[tuple[Cidr, ...]]
    is_default: Fact[bool]


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


KIND = Kind(
    type=Vpc,
    spellings={("aws-api", "Vpc"): _from_api},
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
