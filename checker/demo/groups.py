"""The shop's security groups: each tier lets in the tier before it, by group and on one port."""

from checker.demo.plan import Plan

PORTS = {"app": 8080, "cache": 6379, "db": 5432, "efs": 2049}


def build(plan: Plan) -> None:
    """Create the groups and their rules; egress is left as AWS makes it, everything allowed."""
    for tier in wanted(plan):
        _group(plan, tier)
    for name, port in (("http", 80), ("https", 443)):
        _rule(plan, f"sgr.alb.{name}", "alb", port, {"CidrIpv4": "0.0.0.0/0"})
        if plan.options.ipv6:
            _rule(plan, f"sgr.alb.{name}6", "alb", port, {"CidrIpv6": "::/0"})
    for tier in wanted(plan)[1:]:
        source = "alb" if tier == "app" else "app"
        _rule(plan, f"sgr.{tier}", tier, PORTS[tier], {"Group": plan.ids[f"sg.{source}"]})


def wanted(plan: Plan) -> list[str]:
    """Return the tiers of this shop that have a group, the load balancer's first."""
    cache = ["cache"] if plan.options.sessions == "cache" else []
    files = ["efs"] if plan.options.files else []
    return ["alb", "app", *cache, "db", *files]


def _group(plan: Plan, tier: str) -> None:
    created = plan.client("ec2").create_security_group(
        GroupName=f"{plan.name}-{tier}",
        Description=f"{tier} tier of {plan.name}",
        VpcId=plan.ids["vpc"],
        TagSpecifications=plan.tagged("security-group", f"sg.{tier}"),
    )
    plan.ids[f"sg.{tier}"] = created["GroupId"]


def _rule(plan: Plan, key: str, tier: str, port: int, source: dict[str, str]) -> None:
    peers: dict[str, list[dict[str, str]]] = {}
    if "CidrIpv4" in source:
        peers["IpRanges"] = [{"CidrIp": source["CidrIpv4"], "Description": key}]
    elif "CidrIpv6" in source:
        peers["Ipv6Ranges"] = [{"CidrIpv6": source["CidrIpv6"], "Description": key}]
    else:
        peers["UserIdGroupPairs"] = [{"GroupId": source["Group"], "Description": key}]
    made = plan.client("ec2").authorize_security_group_ingress(
        GroupId=plan.ids[f"sg.{tier}"],
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peers}],
    )
    plan.ids[key] = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
