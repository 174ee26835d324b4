"""Stacks that are as they should be, each really built: no FAIL, and no UNKNOWN where what was read decides."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checker.app import Choices
from checker.demo import shop
from checker.demo.plan import ShopOptions
from tests.live.account import FORKS, Account, Audit, World, audit, blueprint, rule

pytestmark = pytest.mark.skipif(not FORKS, reason="accounts are copied by forking")
BLUEPRINTS = Path(__file__).parents[2] / "policies/blueprints"
STANDARD = ShopOptions()
Change = Callable[[World], None]


def _shop(world: World, options: ShopOptions = STANDARD, name: str = "shop") -> dict[str, str]:
    world.shops[name] = shop.build(world.session, name, options)
    return world.shops[name]


class Empty:
    """An account without anything in it, kept until the tests have ended."""

    def __init__(self) -> None:
        self.account = Account(lambda _: None)

    def audit(self, build: Change, choices: Choices = Choices()) -> Audit:  # frozen
        """Build something in a copy of the account and audit it."""
        done: Audit = self.account.run(_built, build, choices)
        return done


def _built(world: World, build: Change, choices: Choices) -> Audit:
    build(world)
    return audit(world, choices)


@pytest.fixture(scope="session")
def empty() -> Iterator[Empty]:
    made = Empty()
    yield made
    made.account.close()


def clean(done: Audit) -> None:
    """Assert that everything was judged and nothing is wrong or open."""
    assert done.told("FAIL", "UNKNOWN", "ERROR") == []
    assert done.exit_code == 0
    assert done.report["summary"]["stacks"] > 0


# -- Choices of the shop itself -------------------------------------------------------------------------------------


def documented(world: World) -> None:
    _shop(world)


def two_zones(world: World) -> None:
    _shop(world, ShopOptions(zones=2))


def table_for_sessions(world: World) -> None:
    _shop(world, ShopOptions(sessions="table"))


def aurora(world: World) -> None:
    _shop(world, ShopOptions(database="aurora"))


def dual_stack(world: World) -> None:
    _shop(world, ShopOptions(ipv6=True))


def custom_acls(world: World) -> None:
    _shop(world, ShopOptions(custom_acls=True))


def dual_stack_with_acls_and_a_table(world: World) -> None:
    _shop(world, ShopOptions(ipv6=True, custom_acls=True, sessions="table", files=False))


# -- What teams do besides, and may -----------------------------------------------------------------------------------


def world_in_halves(world: World) -> None:
    ids = _shop(world)
    ec2 = world.client("ec2")
    ec2.revoke_security_group_ingress(GroupId=ids["sg.alb"], SecurityGroupRuleIds=[ids["sgr.alb.https"]])
    world.change("shop", rule(ids["sg.alb"], 443, IpRanges=[{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "128.0.0.0/1"}]))


def icmp_errors(world: World) -> None:
    ids = _shop(world)
    world.change("shop", rule(ids["sg.alb"], (3, 4), protocol="icmp", IpRanges=[{"CidrIp": "0.0.0.0/0"}]))
    world.change("shop", rule(ids["sg.app"], (3, 4), protocol="icmp", IpRanges=[{"CidrIp": "0.0.0.0/0"}]))


def stores_without_egress(world: World) -> None:
    ids = _shop(world)
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    for tier in ("cache", "db", "efs"):
        world.client("ec2").revoke_security_group_egress(GroupId=ids[f"sg.{tier}"], IpPermissions=everything)


def deny_after_allow(world: World) -> None:
    ids = _shop(world, ShopOptions(custom_acls=True))
    entry = {
        "RuleAction": "deny",
        "Protocol": "6",
        "PortRange": {"From": 5432, "To": 5432},
        "CidrBlock": "10.0.64.0/18",
    }
    world.client("ec2").create_network_acl_entry(NetworkAclId=ids["nacl.data"], RuleNumber=900, Egress=False, **entry)


def unused_group_is_open(world: World) -> None:
    ids = _shop(world)
    made = world.client("ec2").create_security_group(GroupName="unused", Description="unused", VpcId=ids["vpc"])
    world.change("shop", rule(made["GroupId"], 22, IpRanges=[{"CidrIp": "0.0.0.0/0"}]))


def bastion_beside(world: World) -> None:
    """A bastion in the VPC which no rule of a tier lets in."""
    _bastion(world, _shop(world))


def _bastion(world: World, ids: dict[str, str]) -> str:
    ec2 = world.client("ec2")
    group: str = ec2.create_security_group(GroupName="bastion", Description="bastion", VpcId=ids["vpc"])["GroupId"]
    place = {"DeviceIndex": 0, "SubnetId": ids["subnet.public.0"], "Groups": [group], "AssociatePublicIpAddress": True}
    ec2.run_instances(ImageId="ami-0abcdef1234567890", MinCount=1, MaxCount=1, NetworkInterfaces=[place])
    return group


def second_path_of_the_listener(world: World) -> None:
    """A second target group on the same instances, sticky, weighted with the first, and the choice sticks too."""
    ids, elb = _shop(world), world.client("elbv2")
    made = elb.create_target_group(Name="second", Protocol="HTTP", Port=8080, VpcId=ids["vpc"], TargetType="instance")
    second = made["TargetGroups"][0]["TargetGroupArn"]
    cookie = {
        "stickiness.enabled": "true",
        "stickiness.type": "app_cookie",
        "stickiness.app_cookie.cookie_name": "cart",
    }
    attributes = [{"Key": key, "Value": value} for key, value in cookie.items()]
    elb.modify_target_group_attributes(TargetGroupArn=second, Attributes=attributes)
    scaling = world.client("autoscaling")
    scaling.attach_load_balancer_target_groups(AutoScalingGroupName=ids["asg"], TargetGroupARNs=[second])
    forward = {
        "TargetGroups": [{"TargetGroupArn": ids["tg"], "Weight": 90}, {"TargetGroupArn": second, "Weight": 10}],
        "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 3600},
    }
    actions = [{"Type": "forward", "ForwardConfig": forward}]
    elb.modify_listener(ListenerArn=ids["listener.https"], DefaultActions=actions)


def http_rules_that_redirect(world: World) -> None:
    ids = _shop(world)
    config = {"Protocol": "HTTPS", "Port": "443", "Host": "www.example.com", "StatusCode": "HTTP_301"}
    condition = {"Field": "path-pattern", "Values": ["/old/*"]}
    actions = [{"Type": "redirect", "RedirectConfig": config}]
    world.client("elbv2").create_rule(
        ListenerArn=ids["listener.http"], Priority=5, Conditions=[condition], Actions=actions
    )


def aliases_in_a_row(world: World) -> None:
    """The shop's name is an alias of another name, which is one of the load balancer."""
    ids, route53 = _shop(world), world.client("route53")
    record = {"Name": "www.example.com", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "shop.example.com"}]}
    changes = [{"Action": "CREATE", "ResourceRecordSet": record}]
    route53.change_resource_record_sets(HostedZoneId=ids["zone"], ChangeBatch={"Changes": changes})


def instance_in_standby(world: World) -> None:
    ids, scaling = _shop(world), world.client("autoscaling")
    group = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[ids["asg"]])["AutoScalingGroups"][0]
    one = group["Instances"][0]["InstanceId"]
    scaling.enter_standby(AutoScalingGroupName=ids["asg"], InstanceIds=[one], ShouldDecrementDesiredCapacity=True)


def warm_pool(world: World) -> None:
    """A stopped instance that waits in the group's warm pool: the group does not list it, its tag says whose it is.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html
    """
    ids, ec2 = _shop(world), world.client("ec2")
    world.client("autoscaling").put_warm_pool(AutoScalingGroupName=ids["asg"], MinSize=1)
    made = ec2.run_instances(
        ImageId="ami-12345678",
        MinCount=1,
        MaxCount=1,
        SubnetId=ids["subnet.app.0"],
        SecurityGroupIds=[ids["sg.app"]],
        MetadataOptions={"HttpTokens": "required"},
        TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": "aws:autoscaling:groupName", "Value": ids["asg"]}]}
        ],
    )
    ec2.stop_instances(InstanceIds=[made["Instances"][0]["InstanceId"]])


def instances_replaced(world: World) -> None:
    """Instances that Auto Scaling has terminated and replaced are nobody's business."""
    ids, scaling = _shop(world), world.client("autoscaling")
    group = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[ids["asg"]])["AutoScalingGroups"][0]
    one = group["Instances"][0]["InstanceId"]
    scaling.terminate_instance_in_auto_scaling_group(InstanceId=one, ShouldDecrementDesiredCapacity=False)


def group_scaled_to_other_subnets(world: World) -> None:
    ids, scaling = _shop(world), world.client("autoscaling")
    subnets = f"{ids['subnet.app.0']},{ids['subnet.app.1']}"
    scaling.update_auto_scaling_group(AutoScalingGroupName=ids["asg"], VPCZoneIdentifier=subnets)


def proxy_between(world: World) -> None:
    """An RDS Proxy: the app reaches the proxy, and the proxy the database."""
    ids = _shop(world)
    ec2, rds = world.client("ec2"), world.client("rds")
    group = ec2.create_security_group(GroupName="proxy", Description="proxy", VpcId=ids["vpc"])["GroupId"]
    rds.create_db_proxy(
        DBProxyName="shop-proxy",
        EngineFamily="POSTGRESQL",
        Auth=[
            {"AuthScheme": "SECRETS", "SecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-AbCdEf"}
        ],
        RoleArn="arn:aws:iam::123456789012:role/proxy",
        VpcSubnetIds=[ids[f"subnet.data.{zone}"] for zone in range(3)],
        VpcSecurityGroupIds=[group],
        RequireTLS=True,
    )
    rds.register_db_proxy_targets(DBProxyName="shop-proxy", DBInstanceIdentifiers=[ids["db"]])
    world.change("shop", rule(group, 5432, UserIdGroupPairs=[{"GroupId": ids["sg.app"]}]))
    world.change("shop", rule(ids["sg.db"], 5432, UserIdGroupPairs=[{"GroupId": group}]))


def internal_balancer_to_the_app(world: World) -> None:
    """A second, internal load balancer that has the app among its targets is one of the app's own."""
    ids, elb = _shop(world), world.client("elbv2")
    group = world.client("ec2").create_security_group(GroupName="inner", Description="inner", VpcId=ids["vpc"])[
        "GroupId"
    ]
    subnets = [ids["subnet.app.0"], ids["subnet.app.1"]]
    made = elb.create_load_balancer(
        Name="inner", Type="application", Scheme="internal", Subnets=subnets, SecurityGroups=[group]
    )
    targets = elb.create_target_group(Name="inner", Protocol="HTTP", Port=8080, VpcId=ids["vpc"], TargetType="instance")
    target = targets["TargetGroups"][0]["TargetGroupArn"]
    world.client("autoscaling").attach_load_balancer_target_groups(
        AutoScalingGroupName=ids["asg"], TargetGroupARNs=[target]
    )
    actions = [{"Type": "forward", "TargetGroupArn": target}]
    elb.create_listener(
        LoadBalancerArn=made["LoadBalancers"][0]["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=actions
    )
    world.change("shop", rule(ids["sg.app"], 8080, UserIdGroupPairs=[{"GroupId": group}]))


def network_balancer_before_the_edge(world: World) -> None:
    """A public Network Load Balancer with fixed addresses before an internal application one, which has the listeners.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html
    """
    before_an_inner_one(world)


def before_an_inner_one(world: World) -> dict[str, str]:
    """Put a Network Load Balancer before an internal load balancer that takes the edge's place."""
    ids, elb = _shop(world), world.client("elbv2")
    elb.delete_load_balancer(LoadBalancerArn=ids["alb"])
    public, inner = ([ids[f"subnet.{kind}.{zone}"] for zone in range(3)] for kind in ("public", "app"))
    made = elb.create_load_balancer(
        Name="inner", Type="application", Scheme="internal", Subnets=inner, SecurityGroups=[ids["sg.alb"]]
    )
    ids["alb"] = made["LoadBalancers"][0]["LoadBalancerArn"]
    redirect = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    elb.create_listener(
        LoadBalancerArn=ids["alb"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "redirect", "RedirectConfig": redirect}],
    )
    elb.create_listener(
        LoadBalancerArn=ids["alb"],
        Protocol="HTTPS",
        Port=443,
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        Certificates=[{"CertificateArn": ids["certificate"]}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": ids["tg"]}],
    )
    front = elb.create_load_balancer(Name="outer", Type="network", Scheme="internet-facing", Subnets=public)
    outer = front["LoadBalancers"][0]
    ids["nlb"] = outer["LoadBalancerArn"]
    for port in (80, 443):
        group = elb.create_target_group(
            Name=f"inner-{port}", Protocol="TCP", Port=port, VpcId=ids["vpc"], TargetType="alb"
        )["TargetGroups"][0]["TargetGroupArn"]
        elb.register_targets(TargetGroupArn=group, Targets=[{"Id": ids["alb"], "Port": port}])
        actions = [{"Type": "forward", "TargetGroupArn": group}]
        elb.create_listener(LoadBalancerArn=ids["nlb"], Protocol="TCP", Port=port, DefaultActions=actions)
    alias = {"HostedZoneId": "Z26RNL4JYFTOTI", "DNSName": outer["DNSName"], "EvaluateTargetHealth": False}
    record = {"Name": "shop.example.com", "Type": "A", "AliasTarget": alias}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    world.client("route53").change_resource_record_sets(HostedZoneId=ids["zone"], ChangeBatch=batch)
    return ids


def default_vpc_beside(world: World) -> None:
    _shop(world)
    vpcs = world.client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    assert vpcs, "the emulated account has no default VPC"


def table_reached_through_nat(world: World) -> None:
    ids = _shop(world, ShopOptions(sessions="table"))
    world.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[ids["vpce.dynamodb"]])


@pytest.mark.sampled(one_in=6)
@pytest.mark.parametrize(
    "build",
    [
        documented,
        two_zones,
        table_for_sessions,
        aurora,
        dual_stack,
        custom_acls,
        dual_stack_with_acls_and_a_table,
        world_in_halves,
        icmp_errors,
        stores_without_egress,
        deny_after_allow,
        unused_group_is_open,
        bastion_beside,
        second_path_of_the_listener,
        http_rules_that_redirect,
        aliases_in_a_row,
        instance_in_standby,
        warm_pool,
        instances_replaced,
        group_scaled_to_other_subnets,
        proxy_between,
        internal_balancer_to_the_app,
        network_balancer_before_the_edge,
        default_vpc_beside,
        table_reached_through_nat,
    ],
    ids=lambda build: build.__name__,
)
def test_stack_is_clean(empty: Empty, build: Change) -> None:
    clean(empty.audit(build))


# -- Blueprints -------------------------------------------------------------------------------------------------------


def https_only(world: World) -> None:
    ids = _shop(world)
    world.client("ec2").revoke_security_group_ingress(GroupId=ids["sg.alb"], SecurityGroupRuleIds=[ids["sgr.alb.http"]])
    world.client("elbv2").delete_listener(ListenerArn=ids["listener.http"])


def test_https_only_front_is_a_matter_of_the_blueprint(empty: Empty, tmp_path: Path) -> None:
    only = blueprint(tmp_path, ("ports: [80, 443]", "ports: [443]"))

    clean(empty.audit(https_only, Choices(blueprint=only)))
    assert empty.audit(https_only).names("NET001", "FAIL") == {"shop-alb"}


def test_port_that_the_blueprint_does_not_list_is_a_finding(empty: Empty, tmp_path: Path) -> None:
    only = blueprint(tmp_path, ("ports: [80, 443]", "ports: [443]"))

    assert empty.audit(documented, Choices(blueprint=only)).names("NET002", "FAIL") == {"shop-alb"}


def behind_cloudfront(world: World) -> None:
    """The load balancer lets in CloudFront's servers, by a list of that name, and the name leads to a distribution."""
    ids, ec2 = _shop(world), world.client("ec2")
    entries = [{"Cidr": "120.52.22.96/27"}, {"Cidr": "205.251.249.0/24"}]
    made = ec2.create_managed_prefix_list(
        PrefixListName="cloudfront", MaxEntries=5, AddressFamily="IPv4", Entries=entries
    )
    world.shops["shop"]["pl"] = made["PrefixList"]["PrefixListId"]
    both = [ids["sgr.alb.http"], ids["sgr.alb.https"]]
    ec2.revoke_security_group_ingress(GroupId=ids["sg.alb"], SecurityGroupRuleIds=both)
    world.change("shop", rule(ids["sg.alb"], 443, PrefixListIds=[{"PrefixListId": world.shops["shop"]["pl"]}]))
    world.client("elbv2").delete_listener(ListenerArn=ids["listener.http"])
    # AWS alone makes lists of this name, and no call can.
    from moto.ec2.models import ec2_backends

    lists = ec2_backends["123456789012"]["us-east-1"].managed_prefix_lists
    listed = lists[world.shops["shop"]["pl"]]
    listed.prefix_list_name = "com.amazonaws.global.cloudfront.origin-facing"


def test_cloudfront_in_front_by_its_prefix_list(empty: Empty) -> None:
    done = empty.audit(behind_cloudfront, Choices(blueprint=BLUEPRINTS / "three_tier_web_cdn.yaml"))

    clean(done)
    assert empty.audit(behind_cloudfront).names("NET001", "FAIL") == {"shop-alb"}


def around_cloudfront(world: World) -> None:
    behind_cloudfront(world)
    world.change("shop", rule(world.shops["shop"]["sg.alb"], 443, IpRanges=[{"CidrIp": "0.0.0.0/0"}]))


def test_world_gets_in_around_cloudfront(empty: Empty) -> None:
    done = empty.audit(around_cloudfront, Choices(blueprint=BLUEPRINTS / "three_tier_web_cdn.yaml"))

    assert done.names("NET002", "FAIL") == {"shop-alb"}
    assert {each["rule"] for each in done.results("FAIL")} == {"NET002"}


def bastion_and_rotation(world: World) -> None:
    ids, ec2 = _shop(world), world.client("ec2")
    bastion = _bastion(world, ids)
    world.client("ec2").create_tags(Resources=[bastion], Tags=[{"Key": "Name", "Value": "bastion"}])
    rotation = ec2.create_security_group(GroupName="rotation", Description="rotation", VpcId=ids["vpc"])["GroupId"]
    ec2.create_network_interface(SubnetId=ids["subnet.app.0"], Groups=[rotation])
    world.change("shop", rule(ids["sg.app"], 22, UserIdGroupPairs=[{"GroupId": bastion}]))
    world.change("shop", rule(ids["sg.db"], 5432, UserIdGroupPairs=[{"GroupId": rotation}]))
    world.shops["shop"].update({"sg.bastion": bastion, "sg.rotation": rotation})


def _listed(world: World, folder: Path) -> Audit:
    bastion_and_rotation(world)
    ids = world.shops["shop"]
    entries = (
        f"allow: [{{from: {ids['sg.bastion']}, to: app, ports: [22], reason: support, owner: operations}}, "
        f"{{from: {ids['sg.rotation']}, to: data, ports: own, reason: rotation, owner: security}}]"
    )
    return audit(world, Choices(blueprint=blueprint(folder, ("allow: []", entries))))


def test_exceptions_of_the_blueprint_may_get_in(empty: Empty, tmp_path: Path) -> None:
    clean(empty.account.run(_listed, tmp_path))
    without = empty.audit(bastion_and_rotation)

    assert {each["rule"] for each in without.results("FAIL")} == {"NET003", "NET005"}


def office(world: World) -> None:
    ids = _shop(world)
    world.change("shop", rule(ids["sg.app"], 22, IpRanges=[{"CidrIp": "203.0.113.0/24"}]))


def test_declared_network_may_get_in_on_what_is_listed_for_it(empty: Empty, tmp_path: Path) -> None:
    named = ("networks: {} ", "networks: {office: [203.0.113.0/24]} ")
    entry = "allow: [{from: office, to: app, ports: [22], reason: support, owner: operations}]"
    listed = blueprint(tmp_path, named, ("allow: []", entry))

    clean(empty.audit(office, Choices(blueprint=listed)))
    assert empty.audit(office).names("NET003", "FAIL") == {"shop-app"}


def test_flow_that_the_blueprint_leaves_out_is_forbidden(empty: Empty, tmp_path: Path) -> None:
    less = blueprint(tmp_path, ("  - {from: app, to: files, ports: [2049], require: true}\n", ""))

    assert empty.audit(documented, Choices(blueprint=less)).names("NET006", "FAIL") == {"shop-fs"}


def test_zones_and_stickiness_follow_the_blueprint(empty: Empty, tmp_path: Path) -> None:
    three = blueprint(tmp_path, ("at_least: 2", "at_least: 3"))
    done = empty.audit(two_zones, Choices(blueprint=three))

    assert {"AZ001", "AZ002", "AZ003", "AZ004", "AZ005"} <= {each["rule"] for each in done.results("FAIL")}
    assert {each["rule"] for each in done.results("FAIL")} <= {"AZ001", "AZ002", "AZ003", "AZ004", "AZ005"}


def not_sticky(world: World) -> None:
    ids = _shop(world)
    off = [{"Key": "stickiness.enabled", "Value": "false"}]
    world.client("elbv2").modify_target_group_attributes(TargetGroupArn=ids["tg"], Attributes=off)


def test_stickiness_may_be_optional(empty: Empty, tmp_path: Path) -> None:
    optional = blueprint(tmp_path, ("stickiness: required", "stickiness: optional"))

    clean(empty.audit(not_sticky, Choices(blueprint=optional)))


# -- Ports: an allowed source with more than it needs is NET010's matter and no other's --------------------------------


def every_port(world: World) -> None:
    ids = _shop(world)
    ec2 = world.client("ec2")
    ec2.revoke_security_group_ingress(GroupId=ids["sg.app"], SecurityGroupRuleIds=[ids["sgr.app"]])
    world.change("shop", rule(ids["sg.app"], (0, 65535), UserIdGroupPairs=[{"GroupId": ids["sg.alb"]}]))


def test_load_balancer_on_every_port_of_the_app_is_low_and_all_that_is_wrong(empty: Empty) -> None:
    done = empty.audit(every_port)

    assert [(each["rule"], each["severity"]) for each in done.results("FAIL")] == [("NET010", "low")]
    assert done.told("UNKNOWN", "ERROR") == []


# -- Which stacks there are -------------------------------------------------------------------------------------------


def two_shops_in_one_vpc(world: World) -> None:
    first = _shop(world, name="one")
    _shop(world, replace(STANDARD, vpc=first, zone_id=first["zone"], dns="two.example.com"), "two")


def test_two_shops_in_one_vpc_are_two_stacks(empty: Empty) -> None:
    done = empty.audit(two_shops_in_one_vpc)

    clean(done)
    for name in ("one", "two"):
        tiers = done.stack(f"{name}-alb")["tiers"]
        assert set(tiers["data"]) == {f"{name}-db", f"{name}-db-replica"}
        assert (tiers["app"], tiers["cache"], tiers["files"]) == ([f"{name}-app"], [f"{name}-cache"], [f"{name}-fs"])


def _common_cache(world: World, *tags: dict[str, str]) -> None:
    """A third cache that lets in both apps, without a word about whose it is but its tags."""
    two_shops_in_one_vpc(world)
    one, two = world.shops["one"], world.shops["two"]
    group = world.client("ec2").create_security_group(GroupName="common", Description="common", VpcId=one["vpc"])[
        "GroupId"
    ]
    pairs = [{"GroupId": one["sg.app"]}, {"GroupId": two["sg.app"]}]
    if tags:
        pairs = pairs[:1]
    world.change("one", rule(group, 6379, UserIdGroupPairs=pairs))
    world.client("elasticache").create_replication_group(
        ReplicationGroupId="common",
        ReplicationGroupDescription="common",
        Engine="valkey",
        CacheNodeType="cache.t4g.small",
        NumCacheClusters=2,
        AutomaticFailoverEnabled=True,
        MultiAZEnabled=True,
        CacheSubnetGroupName=one["cache.subnets"],
        SecurityGroupIds=[group],
        AtRestEncryptionEnabled=True,
        TransitEncryptionEnabled=True,
        TransitEncryptionMode="required",
        Tags=list(tags),
    )


def cache_of_nobody(world: World) -> None:
    _common_cache(world)


def cache_of_one(world: World) -> None:
    _common_cache(world, {"Key": "tierproof:stack", "Value": "one-alb"})


def two_doors_to_one_app(world: World) -> None:
    """A second public load balancer that forwards to the same target group."""
    ids, elb = _shop(world), world.client("elbv2")
    made = elb.create_load_balancer(
        Name="partners",
        Type="application",
        Scheme="internet-facing",
        Subnets=[ids[f"subnet.public.{zone}"] for zone in range(3)],
        SecurityGroups=[ids["sg.alb"]],
    )
    targets = elb.create_target_group(Name="more", Protocol="HTTP", Port=8080, VpcId=ids["vpc"], TargetType="instance")
    target = targets["TargetGroups"][0]["TargetGroupArn"]
    world.client("autoscaling").attach_load_balancer_target_groups(
        AutoScalingGroupName=ids["asg"], TargetGroupARNs=[target]
    )
    elb.create_listener(
        LoadBalancerArn=made["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="HTTPS",
        Port=443,
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        Certificates=[{"CertificateArn": ids["certificate"]}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target}],
    )


def test_one_app_behind_two_public_load_balancers_is_one_stack(empty: Empty) -> None:
    done = empty.audit(two_doors_to_one_app)

    assert [each["judged"] for each in done.report["stacks"]] == [True]
    assert set(done.report["stacks"][0]["tiers"]["edge"]) == {"shop-alb", "partners"}
    assert done.results("UNKNOWN") == []
    assert done.names("SES001", "FAIL") == {"more"}
    assert done.names("NET005", "PASS") == {"shop-db", "shop-db-replica"}


def test_store_that_two_stacks_could_own_is_unknown_and_names_the_tag(empty: Empty) -> None:
    done = empty.audit(cache_of_nobody)
    open_ = [each for each in done.results("UNKNOWN") if "common" in each["message"] + " ".join(each["also"])]

    assert done.told("FAIL", "ERROR") == []
    assert [each["subject"]["kind"] for each in open_] == ["scope"]
    assert "tierproof:stack" in open_[0]["missing"][0]["supply"]
    assert done.exit_code == 4


def test_tag_settles_whose_a_store_is(empty: Empty) -> None:
    done = empty.audit(cache_of_one)

    clean(done)
    assert set(done.stack("one-alb")["tiers"]["cache"]) == {"one-cache", "common"}
    assert done.stack("two-alb")["tiers"]["cache"] == ["two-cache"]


def nothing(world: World) -> None:
    del world


def database_only(world: World) -> None:
    ec2, rds = world.client("ec2"), world.client("rds")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{place}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for place, zone in enumerate("ab")
    ]
    rds.create_db_subnet_group(DBSubnetGroupName="data", DBSubnetGroupDescription="data", SubnetIds=subnets)
    rds.create_db_instance(
        DBInstanceIdentifier="alone",
        Engine="postgres",
        DBInstanceClass="db.t4g.medium",
        AllocatedStorage=20,
        MasterUsername="shop",
        MasterUserPassword="only-for-the-emulator",  # no real account ever sees it
        DBSubnetGroupName="data",
    )


@pytest.mark.parametrize("build", [nothing, database_only], ids=lambda build: build.__name__)
def test_account_without_a_stack_is_never_green_unless_allowed(empty: Empty, build: Change) -> None:
    done = empty.audit(build)

    assert (done.exit_code, done.results(), done.report["stacks"]) == (3, [], [])
    assert empty.audit(build, Choices(allow_no_stack=True)).exit_code == 0


def redirects_only(world: World) -> None:
    ids, elb = _shop(world), world.client("elbv2")
    redirect = {"Host": "shop.example.com", "Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    subnets = [ids["subnet.public.0"], ids["subnet.public.1"]]
    made = elb.create_load_balancer(
        Name="old", Type="application", Scheme="internet-facing", Subnets=subnets, SecurityGroups=[ids["sg.alb"]]
    )
    actions = [{"Type": "redirect", "RedirectConfig": redirect}]
    elb.create_listener(
        LoadBalancerArn=made["LoadBalancers"][0]["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=actions
    )


@pytest.mark.parametrize("all_stacks", [False, True])
def test_load_balancer_that_only_redirects_seeds_no_stack(empty: Empty, all_stacks: bool) -> None:
    done = empty.audit(redirects_only, Choices(all_stacks=all_stacks))

    clean(done)
    assert not done.stack("old")["judged"]
    assert "redirect" in done.stack("old")["reason"]


def internal(world: World) -> None:
    """The shop without its public load balancer: an internal one leads to the app."""
    ids, elb = _shop(world), world.client("elbv2")
    internal_balancer_to_the_app_of(world, ids)
    off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=ids["alb"], Attributes=off)
    elb.delete_load_balancer(LoadBalancerArn=ids["alb"])


def internal_balancer_to_the_app_of(world: World, ids: dict[str, str]) -> None:
    elb = world.client("elbv2")
    subnets = [ids[f"subnet.app.{zone}"] for zone in range(3)]
    made = elb.create_load_balancer(
        Name="inner", Type="application", Scheme="internal", Subnets=subnets, SecurityGroups=[ids["sg.alb"]]
    )
    balancer = made["LoadBalancers"][0]["LoadBalancerArn"]
    for listener in ("listener.http", "listener.https"):
        elb.delete_listener(ListenerArn=ids[listener])
    elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTPS",
        Port=443,
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        Certificates=[{"CertificateArn": ids["certificate"]}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": ids["tg"]}],
    )


def test_internal_load_balancer_with_app_and_database_is_a_candidate(empty: Empty) -> None:
    done = empty.audit(internal)

    assert done.exit_code == 3
    assert [each["judged"] for each in done.report["stacks"]] == [False]
    assert "internal" in done.stack("inner")["reason"]


def test_candidate_is_judged_with_all_stacks_and_lacks_its_edge(empty: Empty) -> None:
    done = empty.audit(internal, Choices(all_stacks=True))

    assert done.names("NET001", "FAIL") == {"inner"}
    assert {each["rule"] for each in done.results("FAIL")} <= {"NET001", "EDG002"}
    assert set(done.stack("inner")["tiers"]["data"]) == {"shop-db", "shop-db-replica"}


def claimed(world: World) -> None:
    internal(world)
    balancer = world.client("elbv2").describe_load_balancers(Names=["inner"])["LoadBalancers"][0]["LoadBalancerArn"]
    world.client("elbv2").add_tags(ResourceArns=[balancer], Tags=[{"Key": "tierproof:stack", "Value": "back-office"}])


def test_candidate_is_judged_when_it_is_claimed(empty: Empty) -> None:
    assert empty.audit(claimed).names("NET001", "FAIL") == {"inner"}
