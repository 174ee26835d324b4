"""Classic Load Balancers: interfaces of the nodes, the default security group and health check."""

from functools import cache
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elb.models import ELBBackend, FakeHealthCheck

from checker.demo.emulator import interfaces
from checker.demo.emulator.patching import replaces


@cache
def apply() -> None:
    """
    Patch moto's ELB models.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-internet-facing-load-balancers.html
    """
    interfaces.apply()

    @replaces(ELBBackend, "create_load_balancer")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        balancer = original(self, *args, **kwargs)
        ec2 = ec2_backends[self.account_id][self.region_name]
        if balancer.health_check is None:
            port = balancer.listeners[0].instance_port
            balancer.health_check = FakeHealthCheck("5", "10", "2", "30", f"TCP:{port}")
        balancer.interfaces = [
            interfaces.place(
                ec2, subnet, description=f"ELB {balancer.name}", groups=lambda: balancer.security_groups,
                owner="amazon-elb", public=balancer.scheme == "internet-facing",
            )
            for subnet in balancer.subnets
        ]  # fmt: skip
        return balancer

    @replaces(ELBBackend, "delete_load_balancer")
    def _(original: Any, self: Any, load_balancer_name: str) -> None:
        balancer = self.load_balancers.get(load_balancer_name)
        original(self, load_balancer_name)
        if balancer:
            interfaces.remove(ec2_backends[self.account_id][self.region_name], balancer.interfaces)
