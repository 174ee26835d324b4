"""Resources of Pulumi's as instances: their names, places, references and what cannot be read."""

import json
from collections.abc import Mapping, Sequence

import pytest

from checker.collect.pulumi.collection import collection_of
from checker.collect.pulumi.instances import instances_of
from checker.collect.pulumi.registered import LookedUp, Reference, Registered, Text
from checker.collect.terraform.instance import Instance
from checker.model.fact import Missing
from checker.model.ids import is_symbolic, managed_type
from checker.model.record import ANYTHING, Origin
from checker.model.symbol import Symbol
from checker.resources.catalog import kinds
from checker.resources.policy import statements

GROUP, VPC, SUBNET = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"
TABLE, ROLE_POLICY, DATABASE = "aws:dynamodb/table:Table", "aws:iam/rolePolicy:RolePolicy", "aws:rds/instance:Instance"
PROVIDER, STACK = "pulumi:providers:aws", "pulumi:pulumi:Stack"
ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones"


def urn(token: str, name: str, parent: str = "", stack: str = "dev::shop") -> str:
    return f"urn:pulumi:{stack}::{f'{parent}$' if parent else ''}{token}::{name}"


def resource(token: str, name: str, /, **properties: object) -> Registered:
    return at(urn(token, name), token, name, properties)


def at(urn_: str, token: str, name: str, properties: Mapping[str, object], **more: object) -> Registered:
    origin = Origin("test", "__main__.py", 3, urn_)
    return Registered(urn=urn_, type=token, name=name, properties=properties, origin=origin, **more)  # type: ignore[arg-type]  # fields by name


def look_up(token: str, name: str, **arguments: object) -> LookedUp:
    return LookedUp(name=name, token=token, arguments=arguments, origin=Origin("test"))


def by_address(*registered: Registered, looked_up: Sequence[LookedUp] = (), **config: str) -> dict[str, Instance]:
    found, _, _ = instances_of(registered, looked_up, {f"aws:{key}": text for key, text in config.items()})
    return {one.address: one for one in found}


def values(
    token: str, looked_up: Sequence[LookedUp] = (), *others: Registered, **properties: object
) -> Mapping[str, object]:
    found = by_address(*others, resource(token, "it", **properties), looked_up=looked_up, region="eu-west-1")
    return next(one.values for one in found.values() if one.address.endswith(".it") and not one.is_data)


# Names


def test_an_address_has_a_name_made_of_what_an_address_can_hold() -> None:
    names = ["web", "my web/1", "ünï", "1st", "a::b", "..."]
    found = by_address(*(resource(GROUP, name) for name in names))

    assert all(is_symbolic(address) and managed_type(address) == "aws_security_group" for address in found)
    assert len(found) == len(names)
    label = "aws_security_group.web"
    assert found[label].origin == Origin("test", "__main__.py", 3, urn(GROUP, "web"), label)


def test_names_that_clash_are_told_apart_the_same_way_in_whichever_order() -> None:
    every = [
        resource(GROUP, "web"),
        at(urn(GROUP, "web", "my:Part"), GROUP, "web", {"description": "part"}),
        resource(GROUP, "web-2"),
        resource(GROUP, "we b"),
        resource(GROUP, "we-b"),
    ]
    found = by_address(*every)
    other = by_address(*reversed(every))

    assert len(found) == len(every)
    assert found["aws_security_group.web-2"].origin.address == urn(GROUP, "web-2")
    assert {address: one.origin.address for address, one in found.items()} == {
        address: one.origin.address for address, one in other.items()
    }


def test_both_spellings_of_load_balancers_and_old_tokens_are_of_types() -> None:
    tokens = {
        "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
        "aws:alb/loadBalancer:LoadBalancer": "aws_alb",
        "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer": "aws_lb",
        "aws:index/instance:Instance": "aws_instance",
    }
    found = by_address(*(resource(token, f"n{number}") for number, token in enumerate(tokens)))

    assert [one.type.replace("alb", "lb") for one in found.values()] == [
        type_.replace("alb", "lb") for type_ in tokens.values()
    ]


def test_components_and_providers_are_no_resources() -> None:
    found = by_address(
        at(urn("my:Part", "c"), "my:Part", "c", {}, is_custom=False),
        resource(PROVIDER, "p"),
        resource("random:index/randomPet:RandomPet", "r"),
    )

    assert found == {}


# References


def test_a_reference_is_the_symbol_that_terraform_would_have() -> None:
    vpc = resource(VPC, "net", cidrBlock="10.0.0.0/16")
    found = values(
        SUBNET,
        (),
        vpc,
        vpcId=Reference(vpc.urn, "id"),
        cidrBlock=Reference(vpc.urn, "cidrBlock"),
        ipv6CidrBlock=Reference(vpc.urn, "ipv6CidrBlock"),
    )

    assert found["vpc_id"] == Symbol("aws_vpc.net")
    assert isinstance(found["vpc_id"], Symbol)
    assert found["cidr_block"] == "10.0.0.0/16"
    assert not isinstance(found["cidr_block"], Symbol)
    assert found["ipv6_cidr_block"] == Symbol("aws_vpc.net.ipv6_cidr_block")


def test_a_reference_to_what_has_an_id_is_that_id() -> None:
    vpc = at(urn(VPC, "net"), VPC, "net", {}, id="vpc-1")
    group = resource("aws:rds/subnetGroup:SubnetGroup", "g", name="data")
    found = values(
        DATABASE,
        (),
        vpc,
        group,
        dbSubnetGroupName=Reference(group.urn, "id"),
        vpcSecurityGroupIds=[Reference(vpc.urn, "defaultSecurityGroupId")],
    )

    assert found["db_subnet_group_name"] == "data"
    assert found["vpc_security_group_ids"] == [Symbol("aws_vpc.net.default_security_group_id")]
    assert values(SUBNET, (), vpc, vpcId=Reference(vpc.urn, "id"))["vpc_id"] == "vpc-1"


def test_a_resource_is_called_by_its_name_where_its_id_is_not_known() -> None:
    found = values(GROUP, id=Missing("id (known after the update)"), arn=Missing("arn (known after the update)"))

    assert "id" not in found


def test_a_reference_into_a_value_is_what_stands_there() -> None:
    group = resource(GROUP, "g", ingress=[{"fromPort": 443.0, "toPort": 443.0, "protocol": "tcp"}], tags={"Name": "x"})
    found = values(
        GROUP,
        (),
        group,
        description=Reference(group.urn, "tags.Name"),
        ingress=[
            {
                "fromPort": Reference(group.urn, "ingress[0].fromPort"),
                "toPort": Reference(group.urn, "ingress[1].fromPort"),
            }
        ],
    )
    [block] = found["ingress"]  # type: ignore[misc]  # a list of one block

    assert found["description"] == "x"
    assert block["from_port"] == 443  # type: ignore[has-type]
    assert isinstance(block["to_port"], Missing)  # type: ignore[has-type]


def test_a_circle_of_references_ends() -> None:
    one, other = urn(VPC, "one"), urn(VPC, "other")
    found = by_address(
        at(one, VPC, "one", {"cidrBlock": Reference(other, "cidrBlock")}),
        at(other, VPC, "other", {"cidrBlock": Reference(one, "cidrBlock")}),
    )

    assert all(isinstance(each.values["cidr_block"], Missing) for each in found.values())


def test_what_is_missing_says_whose_it_is() -> None:
    found = values(DATABASE, multiAz=Missing("multiAz (known after the update)", "do"))

    assert found["multi_az"] == Missing("aws_db_instance.it: multiAz (known after the update)", "do")


def test_a_policy_keeps_the_names_in_it_and_its_own_dollars() -> None:
    table = resource(TABLE, "sessions")
    before, after = json.dumps(
        {
            "Statement": [
                {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": ["HERE", "arn:aws:s3:::${aws:username}"]}
            ]
        }
    ).split("HERE")
    policy = Text((before, Reference(table.urn, "arn"), after))
    found = values(ROLE_POLICY, (), table, policy=policy)["policy"]
    [statement] = statements(found)

    assert isinstance(found, Symbol)
    assert statement.resources == ("aws_dynamodb_table.sessions.arn", "arn:aws:s3:::${aws:username}")


def test_a_text_of_known_parts_is_plain() -> None:
    vpc = at(urn(VPC, "net"), VPC, "net", {"tags": {"Name": "x"}}, id="vpc-1")
    found = values(GROUP, (), vpc, description=Text(("of ", Reference(vpc.urn, "id"))))

    assert found["description"] == "of vpc-1"
    assert not isinstance(found["description"], Symbol)


# Look-ups


def test_looked_up_zones_are_three_that_are_told_apart() -> None:
    zones = look_up(ZONES, "zones", state="available")
    names = [
        values(SUBNET, [zones], availabilityZone=Reference("zones", f"names.{index}"))["availability_zone"]
        for index in range(4)
    ]

    assert len(set(names[:3])) == 3
    assert all(
        isinstance(name, str) and not isinstance(name, Symbol) and name.startswith("eu-west-1") for name in names[:3]
    )
    assert isinstance(names[3], Missing)


def test_looked_up_zones_beside_named_ones_may_be_those() -> None:
    zones = look_up(ZONES, "zones")
    found = by_address(
        resource(SUBNET, "one", availabilityZone=Reference("zones", "names.0")),
        resource(SUBNET, "other", availabilityZone="eu-west-1a"),
        looked_up=[zones],
        region="eu-west-1",
    )

    assert isinstance(found["aws_subnet.one"].values["availability_zone"], Symbol)


def test_a_look_up_is_a_data_source_and_its_answers_are_symbols() -> None:
    vpc = look_up("aws:ec2/getVpc:getVpc", "default", default=True)
    found = by_address(resource(SUBNET, "one", vpcId=Reference("default", "id")), looked_up=[vpc])

    assert found["data.aws_vpc.default"].is_data
    assert found["data.aws_vpc.default"].values["default"] is True
    assert found["aws_subnet.one"].values["vpc_id"] == Symbol("data.aws_vpc.default")


def test_the_item_of_a_list_that_is_looked_up_is_not_known() -> None:
    found = values(
        "aws:ec2/instance:Instance",
        [look_up("aws:ec2/getSubnets:getSubnets", "all")],
        subnetId=Reference("all", "ids.0"),
    )

    assert isinstance(found["subnet_id"], Missing)


def test_what_is_looked_up_by_the_id_of_a_resource_is_that_resource() -> None:
    vpc = resource(VPC, "net", cidrBlock="10.0.0.0/16")
    asked = look_up("aws:ec2/getVpc:getVpc", "again", id=Reference(vpc.urn, "id"))
    found = by_address(
        vpc,
        resource(SUBNET, "one", vpcId=Reference("again", "id"), cidrBlock=Reference("again", "cidrBlock")),
        looked_up=[asked],
    )

    assert set(found) == {"aws_vpc.net", "aws_subnet.one"}
    assert found["aws_subnet.one"].values["vpc_id"] == Symbol("aws_vpc.net")
    assert found["aws_subnet.one"].values["cidr_block"] == "10.0.0.0/16"


def test_the_document_of_a_policy_is_made_of_its_arguments() -> None:
    table = resource(TABLE, "sessions")
    asked = look_up(
        "aws:iam/getPolicyDocument:getPolicyDocument",
        "doc",
        statements=[{"actions": ["dynamodb:GetItem"], "resources": [Reference(table.urn, "arn")]}],
    )
    found = values(ROLE_POLICY, [asked], table, policy=Reference("doc", "json"))["policy"]
    [statement] = statements(found)

    assert statement.actions == ("dynamodb:getitem",)
    assert statement.resources == ("aws_dynamodb_table.sessions.arn",)


def test_a_resource_that_is_only_read_stands_outside_with_its_id() -> None:
    read = at(urn(VPC, "old"), VPC, "old", {}, id="vpc-9", is_read=True)
    found = by_address(
        read, resource(SUBNET, "one", vpcId=Reference(read.urn, "id"), cidrBlock=Reference(read.urn, "cidrBlock"))
    )

    assert found["data.aws_vpc.old"].is_data
    assert found["aws_subnet.one"].values["vpc_id"] == "vpc-9"
    assert found["aws_subnet.one"].values["cidr_block"] == Symbol("data.aws_vpc.old.cidr_block")


# Other stacks


def test_an_output_of_another_stack_is_a_symbol_of_its_own() -> None:
    other = at(
        urn("pulumi:pulumi:StackReference", "net"),
        "pulumi:pulumi:StackReference",
        "net",
        {"name": "acme/net/prod"},
        is_read=True,
    )
    found = values(SUBNET, (), other, vpcId=Reference(other.urn, "outputs.vpcId"))["vpc_id"]

    assert found == Symbol("pulumi_stack_reference.net.outputs.vpcId")
    assert managed_type(str(found)) == ""


def test_an_output_of_another_stack_is_its_value_where_it_is_told() -> None:
    token = "pulumi:pulumi:StackReference"
    other = at(urn(token, "net"), token, "net", {"name": "acme/net/prod", "outputs": {"vpcId": "vpc-7"}}, is_read=True)

    assert values(SUBNET, (), other, vpcId=Reference(other.urn, "outputs.vpcId"))["vpc_id"] == "vpc-7"


def test_stacks_that_are_read_together_tell_each_other_their_outputs() -> None:
    token, there = "pulumi:pulumi:StackReference", "prod::net"
    vpc = at(urn(VPC, "main", stack=there), VPC, "main", {})
    root = at(
        urn(STACK, "net-prod", stack=there), STACK, "net-prod", {"vpcId": Reference(vpc.urn, "id")}, is_custom=False
    )
    reference = at(urn(token, "acme/net/prod"), token, "acme/net/prod", {"name": "acme/net/prod"}, is_read=True)
    found = by_address(vpc, root, reference, resource(SUBNET, "one", vpcId=Reference(reference.urn, "outputs.vpcId")))

    assert found["shop/dev//aws_subnet.one"].values["vpc_id"] == Symbol("net/prod//aws_vpc.main")


# Providers


def test_regions_accounts_and_tags_are_those_of_providers() -> None:
    east = resource(PROVIDER, "east", region="us-east-1", allowedAccountIds='["111111111111"]')
    role = {"roleArn": "arn:aws:iam::222222222222:role/deploy"}
    west = resource(PROVIDER, "west", assumeRoles=[role], defaultTags='{"tags":{"Tier":"data","Owner":"ops"}}')
    made = [
        resource(GROUP, "plain"),
        at(urn(GROUP, "east"), GROUP, "east", {}, provider=f"{east.urn}::some-id"),
        at(urn(GROUP, "west"), GROUP, "west", {"tags": {"Owner": "me"}}, provider=f"{west.urn}::04da6b54-80e4"),
        at(urn(GROUP, "own"), GROUP, "own", {"region": "ap-south-1"}, provider=f"{east.urn}::some-id"),
    ]
    found = by_address(east, west, *made, region="eu-west-1", defaultTags='{"tags":{"Stack":"dev"}}')

    def place(name: str) -> tuple[str, str, object]:
        one = found[f"aws_security_group.{name}"]
        return one.region, one.account, one.values.get("tags_all")

    assert place("plain") == ("eu-west-1", "", {"Stack": "dev"})
    assert place("east") == ("us-east-1", "111111111111", None)
    assert place("west") == ("", "222222222222", {"Tier": "data", "Owner": "me"})
    assert place("own") == ("ap-south-1", "111111111111", None)


def test_the_default_provider_of_a_state_has_its_own_region() -> None:
    default = resource(PROVIDER, "default_7_51_1", region="us-west-2")
    found = by_address(default, at(urn(GROUP, "g"), GROUP, "g", {}, provider=f"{default.urn}::id"), region="eu-west-1")

    assert found["aws_security_group.g"].region == "us-west-2"


# What is not read


def hidden(*registered: Registered) -> list[str]:
    return sorted(gap.item for gap in collection_of("test", registered, (), kinds()).gaps if gap.type == ANYTHING)


STRANGE = {
    "a component that is expanded elsewhere": at(
        urn("awsx:ec2:Vpc", "net"), "awsx:ec2:Vpc", "net", {}, is_custom=False, is_remote=True
    ),
    "a resource of the native provider": resource("aws-native:ec2:SecurityGroup", "g"),
    "a resource of a provider that makes others": resource("eks:index:NodeGroup", "n"),
    "a resource of Terraform's own such provider": resource("awscc:index/ec2SecurityGroup:Ec2SecurityGroup", "g"),
    "what a module of Terraform's made": resource("vpc:tf:aws_subnet", "module.vpc.aws_subnet.this[0]"),
    "a type that is not known": resource("aws:index/aNewKindOfRule:ANewKindOfRule", "r"),
}
HARMLESS = {
    "a component whose parts are seen": at(urn("awsx:ec2:Vpc", "net"), "awsx:ec2:Vpc", "net", {}, is_custom=False),
    "a random name": resource("random:index/randomPet:RandomPet", "pet"),
    "a key": resource("tls:index/privateKey:PrivateKey", "key"),
    "a bucket of the native provider": resource("aws-native:s3:Bucket", "b"),
    "what the native provider only reads": at(
        urn("aws-native:ec2:Vpc", "v"), "aws-native:ec2:Vpc", "v", {}, is_read=True
    ),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_may_hide_others_is_a_gap(name: str) -> None:
    one = STRANGE[name]

    assert hidden(one, resource(VPC, "main")) == [f"{one.type} {one.name}"]


@pytest.mark.parametrize("name", HARMLESS)
def test_what_hides_nothing_is_none(name: str) -> None:
    assert hidden(HARMLESS[name], resource(VPC, "main")) == []


def test_a_property_of_what_is_not_expanded_is_a_symbol_of_it() -> None:
    net = STRANGE["a component that is expanded elsewhere"]
    found = values(SUBNET, (), net, vpcId=Reference(net.urn, "vpcId"))["vpc_id"]

    assert isinstance(found, Symbol)
    assert str(found).endswith(".net.vpcId")
    assert managed_type(found) == ""


def test_what_may_or_may_not_be_there_is_uncertain() -> None:
    found = by_address(at(urn(GROUP, "g"), GROUP, "g", {}, uncertain=True))

    assert found["aws_security_group.g"].uncertain


def test_a_gap_of_what_may_not_be_there_speaks_of_the_program_and_of_no_plan() -> None:
    one = at(urn(GROUP, "g"), GROUP, "g", {}, uncertain=True)
    (gap,) = (gap for gap in collection_of("test", [one], [], kinds()).gaps if gap.type == "aws_security_group")

    assert "whether" in gap.error
    assert not [words for words in ("its count", "for_each", "a plan") if words in f"{gap.error} {gap.supply}"]
