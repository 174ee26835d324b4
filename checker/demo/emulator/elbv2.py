"""Elastic Load Balancing: interfaces of the nodes, default attributes, actions as AWS reads them back."""

from functools import cache
from typing import Any

from moto.elbv2.models import ELBv2Backend, FakeAction, FakeLoadBalancer, FakeTargetGroup

from checker.demo.emulator import interfaces
from checker.demo.emulator.patching import replaces

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
APPLICATION_DEFAULTS = {
    "access_logs.s3.enabled": "false",
    "client_keep_alive.seconds": "3600",
    "connection_logs.s3.enabled": "false",
    "connection_logs.s3.bucket": "",
    "connection_logs.s3.prefix": "",
    "idle_timeout.timeout_seconds": "60",
    "ipv6.deny_all_igw_traffic": "false",
    "load_balancing.cross_zone.enabled": "true",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.drop_invalid_header_fields.enabled": "false",
    "routing.http.preserve_host_header.enabled": "false",
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
    "routing.http.xff_client_port.enabled": "false",
    "routing.http.xff_header_processing.mode": "append",
    "routing.http2.enabled": "true",
    "waf.fail_open.enabled": "false",
    "zonal_shift.config.enabled": "false",
}
NETWORK_DEFAULTS = {
    "access_logs.s3.enabled": "false",
    "dns_record.client_routing_policy": "any_availability_zone",
    "ipv6.deny_all_igw_traffic": "false",
    "zonal_shift.config.enabled": "false",
}
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
HTTP_GROUP_DEFAULTS = {
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "stickiness.app_cookie.cookie_name": "",
    "stickiness.app_cookie.duration_seconds": "86400",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "stickiness.type": "lb_cookie",
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}
REDIRECT_DEFAULTS = {
    "Protocol": "#{protocol}", "Port": "#{port}", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}",
}  # fmt: skip
KINDS = {
    "application": ("app", "interface"),
    "network": ("net", "network_load_balancer"),
    "gateway": ("gwy", "gateway_load_balancer"),
}


class _Distinct(list[Any]):
    """A list that keeps the first of equal items."""

    def append(self, item: Any) -> None:
        if item not in self:
            super().append(item)


@cache
def apply() -> None:
    """Patch moto's ELBv2 models."""
    interfaces.apply()
    _defaults()
    _nodes()


def _defaults() -> None:
    @replaces(FakeLoadBalancer, "__init__")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.attrs.update({"application": APPLICATION_DEFAULTS, "network": NETWORK_DEFAULTS}.get(self.type, {}))
        if self.type in ("application", "network"):
            self.attrs["ipv6.deny_all_igw_traffic"] = str(self.scheme == "internal").lower()
        self.state = "active"

    @replaces(FakeTargetGroup, "__init__")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.load_balancer_arns = _Distinct()
        if self.protocol in ("HTTP", "HTTPS"):
            self.attributes = {**HTTP_GROUP_DEFAULTS, **self.attributes}

    @replaces(FakeAction, "__init__")
    def _(original: Any, self: Any, data: dict[str, Any]) -> None:
        if data.get("Type") == "redirect":
            data = {**data, "RedirectConfig": REDIRECT_DEFAULTS | data.get("RedirectConfig", {})}
        if data.get("Type") == "forward" and data.get("TargetGroupArn") and "ForwardConfig" not in data:
            only = {"TargetGroupArn": data["TargetGroupArn"], "Weight": 1}
            data = {
                **data,
                "ForwardConfig": {"TargetGroups": [only], "TargetGroupStickinessConfig": {"Enabled": False}},
            }
        original(self, data)


def _nodes() -> None:
    """Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html."""

    @replaces(ELBv2Backend, "create_load_balancer")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        balancer = original(self, *args, **kwargs)
        balancer.scheme = balancer.scheme or "internet-facing"
        if balancer.type == "application" and not balancer.security_groups:
            balancer.security_groups = [self.ec2_backend.get_default_security_group(balancer.vpc_id).id]
        balancer.interfaces = []
        _settle(self.ec2_backend, balancer)
        return balancer

    @replaces(ELBv2Backend, "modify_listener")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        listener = original(self, *args, **kwargs)
        # moto tells a target group whom it serves only when the listener is made
        for action in listener.default_actions:
            if action.type == "forward":
                for arn in self._get_target_group_arns_from(action_data=action.data):
                    self.target_groups[arn].load_balancer_arns.append(listener.load_balancer_arn)
        return listener

    @replaces(ELBv2Backend, "set_subnets")
    def _(original: Any, self: Any, arn: str, *args: Any, **kwargs: Any) -> Any:
        zones = original(self, arn, *args, **kwargs)
        _settle(self.ec2_backend, self.load_balancers[arn])
        return zones

    @replaces(ELBv2Backend, "delete_load_balancer")
    def _(original: Any, self: Any, arn: str) -> None:
        balancer = self.load_balancers.get(arn)
        original(self, arn)
        interfaces.remove(self.ec2_backend, balancer.interfaces if balancer else [])


def _settle(ec2: Any, balancer: Any) -> None:
    """Give the balancer one interface in each of its subnets, and none elsewhere."""
    family, kind = KINDS[balancer.type]
    wanted = [subnet.id for subnet in balancer.subnets]
    gone = [each for each in balancer.interfaces if each.subnet.id not in wanted]
    interfaces.remove(ec2, gone)
    kept = [each for each in balancer.interfaces if each not in gone]
    held = {each.subnet.id for each in kept}
    description = f"ELB {family}/{balancer.name}/{balancer.arn.rsplit('/', 1)[1]}"
    balancer.interfaces = kept + [
        interfaces.place(
            ec2, subnet, description=description, groups=lambda: balancer.security_groups or [], kind=kind,
            owner="amazon-elb", public=balancer.scheme == "internet-facing",
        )
        for subnet in wanted
        if subnet not in held
    ]  # fmt: skip
