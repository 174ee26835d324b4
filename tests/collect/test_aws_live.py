"""The live source against stock moto, with refusals put before it."""

from collections.abc import Iterable

import boto3
import pytest

from checker.collect.aws.settings import LiveSettings
from checker.collect.aws.source import collect_live
from checker.errors import SourceError
from checker.model.call import Call, DetailCall, ListCall, Raw, Seen
from checker.model.record import Collection, Gap, Status
from checker.model.resource import Resource
from checker.resources.kind import Kind
from tests.collect.conftest import Faults

ACCOUNT = "123456789012"
ONE = LiveSettings(regions=("eu-west-1",))


def kind(*calls: Call) -> Kind[Resource]:
    return Kind(type=Resource, spellings={}, calls=calls)


def each_balancer(seen: Seen) -> Iterable[Raw]:
    return [{"LoadBalancerArn": raw["LoadBalancerArn"]} for raw in seen.raw("LoadBalancer")]


VPCS = ListCall(service="ec2", operation="describe_vpcs", type="Vpc", result="Vpcs", page=("MaxResults", 1000))
SUBNETS = ListCall(
    service="ec2", operation="describe_subnets", type="Subnet", result="Subnets", page=("MaxResults", 1000)
)
BALANCERS = ListCall(service="elbv2", operation="describe_load_balancers", type="LoadBalancer", result="LoadBalancers")
LISTENERS = ListCall(
    service="elbv2",
    operation="describe_listeners",
    type="Listener",
    result="Listeners",
    after=("LoadBalancer",),
    each=each_balancer,
)
ATTRIBUTES = DetailCall(
    service="elbv2",
    operation="describe_load_balancer_attributes",
    of="LoadBalancer",
    identity="LoadBalancerArn",
    argument="LoadBalancerArn",
    result="Attributes",
    into="Attributes",
)
TAGS = DetailCall(
    service="elbv2",
    operation="describe_tags",
    of="LoadBalancer",
    identity="LoadBalancerArn",
    argument="ResourceArns",
    result="TagDescriptions",
    into="Tags",
    batch=20,
    match="ResourceArn",
)
ZONES = ListCall(
    service="route53", operation="list_hosted_zones", type="HostedZone", result="HostedZones", is_global=True
)


def live(*calls: Call, settings: LiveSettings = ONE) -> Collection:
    return collect_live(settings, [kind(*calls)])


def ledger(seen: Collection, item: str) -> list[tuple[str, str, int]]:
    return [(line.scope.region, line.status.value, line.count) for line in seen.coverage if line.item == item]


def balancers(count: int) -> list[str]:
    ec2, elb = boto3.client("ec2", "eu-west-1"), boto3.client("elbv2", "eu-west-1")
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]][:2]
    return [
        elb.create_load_balancer(Name=f"lb{n}", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        for n in range(count)
    ]


def test_lists_each_region_and_the_global_scope_once(faults: Faults) -> None:
    seen = live(VPCS, ZONES, settings=LiveSettings(regions=("eu-west-1", "us-east-1", "eu-west-1")))

    assert [(record.type, record.scope.region) for record in seen.records] == [
        ("Vpc", "eu-west-1"),
        ("Vpc", "us-east-1"),
    ]
    assert ledger(seen, "ec2:DescribeVpcs") == [("eu-west-1", "ok", 1), ("us-east-1", "ok", 1)]
    assert ledger(seen, "route53:ListHostedZones") == [("global", "empty", 0)]
    assert faults.count("ListHostedZones") == faults.count("GetCallerIdentity") == 1
    assert {line.scope.account for line in seen.coverage} == {ACCOUNT}


def test_same_call_of_two_kinds_is_made_once(faults: Faults) -> None:
    seen = collect_live(ONE, [kind(VPCS), kind(VPCS)])

    assert len(seen.records) == 1
    assert faults.count("DescribeVpcs") == 1


def test_denied_listing_is_a_gap_and_hides_its_children(faults: Faults) -> None:
    faults.fail("DescribeLoadBalancers", "AccessDenied", status=403)
    seen = live(VPCS, BALANCERS, LISTENERS)

    assert {(gap.type, gap.status, gap.parent) for gap in seen.gaps} == {
        ("LoadBalancer", Status.DENIED, None),
        ("Listener", Status.DENIED, None),
    }
    assert seen.gaps[0].supply == "allow elasticloadbalancing:DescribeLoadBalancers to the caller"


def test_throttled_twice_is_read_all_the_same(faults: Faults) -> None:
    faults.fail("DescribeVpcs", "RequestLimitExceeded", times=2, status=503)
    seen = live(VPCS)

    assert not seen.gaps
    assert ledger(seen, "ec2:DescribeVpcs") == [("eu-west-1", "ok", 1)]


def test_throttled_for_ever_is_said(faults: Faults) -> None:
    faults.fail("DescribeVpcs", "RequestLimitExceeded", status=503)
    seen = live(VPCS, SUBNETS)

    assert [gap.status for gap in seen.gaps] == [Status.THROTTLED]


_VPCS = "<vpcSet><item><vpcId>{}</vpcId></item></vpcSet>"
PAGE = f"<DescribeVpcsResponse><requestId>r</requestId>{_VPCS}{{}}</DescribeVpcsResponse>"
MORE = "<nextToken>{}</nextToken>"


def test_pages_are_followed(faults: Faults) -> None:
    faults.answer("DescribeVpcs", [PAGE.format("a", MORE.format("t")), PAGE.format("b", "")])
    seen = live(VPCS)

    assert [record.raw["VpcId"] for record in seen.records] == ["a", "b"]


def test_broken_second_page_keeps_the_first_and_is_a_gap(faults: Faults) -> None:
    faults.fail("DescribeVpcs", "InternalFailure", after=1, status=400)
    faults.answer("DescribeVpcs", [PAGE.format("a", MORE.format("t"))])
    seen = live(VPCS, SUBNETS)

    assert [record.raw["VpcId"] for record in seen.records if record.type == "Vpc"] == ["a"]
    assert [(gap.type, gap.status) for gap in seen.gaps] == [("Vpc", Status.FAILED)]
    assert ledger(seen, "ec2:DescribeVpcs") == [("eu-west-1", "failed", 1)]


def test_refused_page_token_starts_the_listing_again_once(faults: Faults) -> None:
    faults.fail("DescribeVpcs", "InvalidNextToken", after=1, times=1)
    faults.answer(
        "DescribeVpcs",
        [PAGE.format("a", MORE.format("t")), "", PAGE.format("a", MORE.format("u")), PAGE.format("b", "")],
    )
    seen = live(VPCS)

    assert [record.raw["VpcId"] for record in seen.records] == ["a", "b"]
    assert not seen.gaps


@pytest.mark.parametrize("body", ["<torn", "<html><body>log in</body></html>", ""])
def test_what_is_no_answer_is_a_gap(faults: Faults, body: str) -> None:
    faults.answer("Describe(Vpcs|LoadBalancers)", [body], status=200)
    seen = live(VPCS, BALANCERS, SUBNETS)

    assert {(gap.type, gap.status) for gap in seen.gaps} == {("Vpc", Status.FAILED), ("LoadBalancer", Status.FAILED)}
    assert all("\n" not in gap.error for gap in seen.gaps)


def test_dropped_connection_is_tried_again_then_a_gap(faults: Faults) -> None:
    faults.reset("DescribeVpcs", times=1)
    faults.reset("DescribeSubnets")
    seen = live(VPCS, SUBNETS)

    assert [gap.type for gap in seen.gaps] == ["Subnet"]


@pytest.mark.parametrize("code", ["InvalidAction", "UnknownOperationException", "UnsupportedOperation"])
def test_optional_call_unknown_to_the_endpoint_is_empty(faults: Faults, code: str) -> None:
    faults.fail("DescribeVpcs", code)
    young = ListCall(service="ec2", operation="describe_vpcs", type="Vpc", result="Vpcs", optional=True)
    seen = live(young, SUBNETS)

    assert not seen.gaps
    assert ledger(seen, "ec2:DescribeVpcs") == [("eu-west-1", "empty", 0)]
    assert any("does not know" in (line.error or "") for line in seen.coverage)


def test_details_are_put_into_their_parents(faults: Faults) -> None:
    arns = balancers(2)
    boto3.client("elbv2", "eu-west-1").add_tags(ResourceArns=arns[:1], Tags=[{"Key": "stack", "Value": "a"}])
    seen = live(BALANCERS, ATTRIBUTES, TAGS)
    raw = {record.raw["LoadBalancerArn"]: record.raw for record in seen.records}

    assert raw[arns[0]]["Tags"] == [{"Key": "stack", "Value": "a"}]
    assert raw[arns[1]]["Tags"] == []
    assert isinstance(raw[arns[0]]["Attributes"], list)
    assert faults.count("DescribeTags") == 1


def test_failed_detail_is_a_gap_in_its_parent_alone(faults: Faults) -> None:
    arns = balancers(2)
    faults.fail("DescribeLoadBalancerAttributes", "AccessDenied", times=1, status=403)
    seen = live(BALANCERS, ATTRIBUTES)
    parts = [record.raw["Attributes"] for record in seen.records]

    assert sorted(isinstance(part, Gap) for part in parts) == [False, True]
    assert [gap.parent in arns for gap in seen.gaps] == [True]
    assert any(gap.parent in (line.error or "") for line in seen.coverage for gap in seen.gaps if gap.parent)


def test_batch_that_one_parent_fails_is_asked_one_by_one(faults: Faults) -> None:
    balancers(2)
    faults.fail("DescribeTags", "LoadBalancerNotFound", times=1)
    seen = live(BALANCERS, TAGS)

    assert not seen.gaps
    assert faults.count("DescribeTags") == 3


def test_detail_that_could_not_matter_is_not_asked(faults: Faults) -> None:
    first, _ = balancers(2)
    picky = DetailCall(
        service="elbv2",
        operation="describe_load_balancer_attributes",
        of="LoadBalancer",
        identity="LoadBalancerArn",
        argument="LoadBalancerArn",
        result="Attributes",
        into="Attributes",
        when=lambda raw, seen: seen.complete("LoadBalancer") and raw["LoadBalancerArn"] == first,
    )
    seen = live(BALANCERS, picky)

    assert ["Attributes" in record.raw for record in seen.records] == [True, False]


def test_looking_at_a_type_that_was_not_awaited_is_refused(faults: Faults) -> None:
    early = ListCall(
        service="ec2",
        operation="describe_subnets",
        type="Subnet",
        result="Subnets",
        when=lambda seen: seen.complete("Vpc"),
    )

    with pytest.raises(ValueError, match="without naming it"):
        live(VPCS, early)


def test_calls_in_a_circle_are_refused(faults: Faults) -> None:
    one = ListCall(service="ec2", operation="describe_vpcs", type="Vpc", result="Vpcs", after=("Subnet",))
    other = ListCall(service="ec2", operation="describe_subnets", type="Subnet", result="Subnets", after=("Vpc",))

    with pytest.raises(ValueError, match="wait for each other"):
        live(one, other)


def test_region_that_does_not_know_the_caller_is_not_opted_in(faults: Faults) -> None:
    faults.fail("DescribeVpcs", "AuthFailure", status=401, region="af-south-1")
    seen = live(VPCS, settings=LiveSettings(regions=("eu-west-1", "af-south-1")))

    assert ledger(seen, "ec2:DescribeVpcs") == [("af-south-1", "not-opted-in", 0), ("eu-west-1", "ok", 1)]


def test_all_regions_leaves_out_those_not_opted_in(faults: Faults) -> None:
    region = "<item><regionName>{}</regionName><optInStatus>{}</optInStatus></item>"
    listed = region.format("eu-west-1", "opt-in-not-required") + region.format("af-south-1", "not-opted-in")
    faults.answer("DescribeRegions", [f"<R><requestId>r</requestId><regionInfo>{listed}</regionInfo></R>"])
    seen = live(VPCS, settings=LiveSettings(all_regions=True))

    assert {record.scope.region for record in seen.records} == {"eu-west-1"}
    assert ("af-south-1", "not-opted-in", 0) in ledger(seen, "ec2:DescribeRegions")
    assert not seen.gaps


def test_user_data_is_dropped(faults: Faults) -> None:
    ec2 = boto3.client("ec2", "eu-west-1")
    ec2.create_launch_template(LaunchTemplateName="t", LaunchTemplateData={"UserData": "c2VjcmV0", "ImageId": "ami-1"})
    call = ListCall(
        service="ec2",
        operation="describe_launch_template_versions",
        type="LaunchTemplateVersion",
        result="LaunchTemplateVersions",
        arguments={"Versions": ["$Latest"]},
    )
    seen = live(call)

    assert [record.raw["LaunchTemplateData"] for record in seen.records] == [{"ImageId": "ami-1"}]


def test_role_is_assumed_with_its_external_id(faults: Faults) -> None:
    settings = LiveSettings(
        regions=("eu-west-1",), role_arn="arn:aws:iam::222222222222:role/audit", external_id="shop-audit"
    )
    seen = live(VPCS, settings=settings)

    assert faults.count("AssumeRole") == 1
    assert {line.scope.account for line in seen.coverage} == {"222222222222"}


def test_two_collections_are_equal(faults: Faults) -> None:
    balancers(3)
    calls = (VPCS, SUBNETS, BALANCERS, LISTENERS, ATTRIBUTES, TAGS, ZONES)

    assert repr(live(*calls)) == repr(live(*calls))


def test_identity_denied_does_not_stop(faults: Faults) -> None:
    faults.fail("GetCallerIdentity", "AccessDenied", status=403)
    seen = live(VPCS)

    assert seen.records[0].scope.account == "unidentified"
    assert ledger(seen, "sts:GetCallerIdentity") == [("global", "denied", 0)]


@pytest.mark.parametrize(("code", "said"), [("ExpiredToken", "expired"), ("InvalidClientTokenId", "not usable")])
def test_bad_credentials_are_an_error(faults: Faults, code: str, said: str) -> None:
    faults.fail("GetCallerIdentity", code, status=403)

    with pytest.raises(SourceError, match=said):
        live(VPCS)


def test_everything_denied_is_an_error_that_names_permissions(faults: Faults) -> None:
    faults.fail("Describe.*", "UnauthorizedOperation", status=403)

    with pytest.raises(SourceError, match="tierproof permissions"):
        live(VPCS, SUBNETS)


def test_role_refused_is_an_error(faults: Faults) -> None:
    faults.fail("AssumeRole", "AccessDenied", status=403)

    with pytest.raises(SourceError, match="could not be assumed"):
        live(VPCS, settings=LiveSettings(regions=("eu-west-1",), role_arn="arn:aws:iam::222222222222:role/audit"))


def test_no_credentials_is_an_error(faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    # moto puts back what it found when it ends, so the environment must be its own again before.
    with monkeypatch.context() as patched:
        patched.delenv("AWS_ACCESS_KEY_ID")
        patched.delenv("AWS_SECRET_ACCESS_KEY")
        with pytest.raises(SourceError, match="AWS_PROFILE"):
            live(VPCS)


def test_dead_endpoint_is_an_error_that_names_it(faults: Faults) -> None:
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:9"):
        live(VPCS, settings=LiveSettings(regions=("eu-west-1",), endpoint_url="http://127.0.0.1:9"))


@pytest.mark.parametrize("region", ["eu-wets-1", "nowhere at all"])
def test_no_such_region_is_an_error(faults: Faults, region: str) -> None:
    with pytest.raises(SourceError, match=r"(?i)region"):
        live(VPCS, settings=LiveSettings(regions=(region,)))


def test_no_region_and_no_profile_are_errors(faults: Faults) -> None:
    with pytest.raises(SourceError, match="--region"):
        live(VPCS, settings=LiveSettings())
    with pytest.raises(SourceError, match="nobody"):
        live(VPCS, settings=LiveSettings(regions=("eu-west-1",), profile="nobody"))
