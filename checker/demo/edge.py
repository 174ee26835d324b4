"""The shop's edge: name, certificate and load balancer."""

import uuid

from checker.demo.plan import Plan

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
PORT = 8080


def build(plan: Plan) -> None:
    """Create certificate, load balancer with its listeners and target group, and the name that points to it."""
    certificate = plan.client("acm").request_certificate(
        DomainName=plan.dns, ValidationMethod="DNS", Tags=plan.tags("certificate")
    )
    plan.ids["certificate"] = certificate["CertificateArn"]
    balancer = _balancer(plan)
    _target_group(plan)
    _listeners(plan)
    _name(plan, balancer)


def _balancer(plan: Plan) -> dict[str, str]:
    elb = plan.client("elbv2")
    balancer: dict[str, str] = elb.create_load_balancer(
        Name=f"{plan.name}-alb",
        Type="application",
        Scheme="internet-facing",
        IpAddressType="dualstack" if plan.options.ipv6 else "ipv4",
        Subnets=plan.each("subnet.public"),
        SecurityGroups=[plan.ids["sg.alb"]],
        Tags=plan.tags("alb"),
    )["LoadBalancers"][0]
    plan.ids["alb"] = balancer["LoadBalancerArn"]
    wanted = {"deletion_protection.enabled": "true", "routing.http.drop_invalid_header_fields.enabled": "true"}
    elb.modify_load_balancer_attributes(LoadBalancerArn=plan.ids["alb"], Attributes=_attributes(wanted))
    return balancer


def _target_group(plan: Plan) -> None:
    elb = plan.client("elbv2")
    group = elb.create_target_group(
        Name=f"{plan.name}-app",
        Protocol="HTTP",
        Port=PORT,
        VpcId=plan.ids["vpc"],
        TargetType="instance",
        HealthCheckPath="/healthz",
        Tags=plan.tags("tg"),
    )["TargetGroups"][0]
    plan.ids["tg"] = group["TargetGroupArn"]
    sticky = {"stickiness.enabled": "true", "stickiness.type": "lb_cookie"}
    elb.modify_target_group_attributes(TargetGroupArn=plan.ids["tg"], Attributes=_attributes(sticky))


def _attributes(wanted: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in wanted.items()]


def _listeners(plan: Plan) -> None:
    elb = plan.client("elbv2")
    redirect = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    plain = elb.create_listener(
        LoadBalancerArn=plan.ids["alb"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "redirect", "RedirectConfig": redirect}],
    )
    secure = elb.create_listener(
        LoadBalancerArn=plan.ids["alb"],
        Protocol="HTTPS",
        Port=443,
        SslPolicy=TLS_POLICY,
        Certificates=[{"CertificateArn": plan.ids["certificate"]}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": plan.ids["tg"]}],
    )
    plan.ids["listener.http"] = plain["Listeners"][0]["ListenerArn"]
    plan.ids["listener.https"] = secure["Listeners"][0]["ListenerArn"]


def _name(plan: Plan, balancer: dict[str, str]) -> None:
    route53 = plan.client("route53")
    zone = plan.options.zone_id
    if zone is None:
        created = route53.create_hosted_zone(Name=plan.dns.partition(".")[2], CallerReference=str(uuid.uuid4()))
        zone = created["HostedZone"]["Id"].removeprefix("/hostedzone/")
    plan.ids["zone"] = zone
    target = {
        "HostedZoneId": balancer["CanonicalHostedZoneId"],
        "DNSName": balancer["DNSName"],
        "EvaluateTargetHealth": True,
    }
    kinds = ("A", "AAAA") if plan.options.ipv6 else ("A",)
    records = [{"Name": plan.dns, "Type": kind, "AliasTarget": target} for kind in kinds]
    changes = [{"Action": "CREATE", "ResourceRecordSet": record} for record in records]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
