"""The load balancer: the only part of the shop that the internet can reach."""

import pulumi
import pulumi_aws as aws

from access_logs import AccessLogs
from firewall import APP_PORT
from settings import Settings

# TLS 1.3, and 1.2 for those who have nothing newer.
# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
HEALTH_PATH = "/healthz"
STICKY_SECONDS = 3600


class Edge(pulumi.ComponentResource):
    """Application Load Balancer: HTTP is sent to HTTPS, HTTPS goes to the app, visitors stay with one instance."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        vpc_id: pulumi.Input[str],
        subnets: list[aws.ec2.Subnet],
        security_group: aws.ec2.SecurityGroup,
        certificate_arn: pulumi.Input[str],
        logs: AccessLogs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the load balancer, its listeners and the target group that the app's instances join."""
        super().__init__("myclothes:index:Edge", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        self.load_balancer = aws.lb.LoadBalancer(
            f"{name}-edge",
            load_balancer_type="application",
            internal=False,
            subnets=[subnet.id for subnet in subnets],
            security_groups=[security_group.id],
            drop_invalid_header_fields=True,
            enable_deletion_protection=settings.protect,
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(bucket=logs.bucket.id, enabled=True),
            # The bucket must admit the load balancer before it tries to write.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[logs]),
        )
        self.target_group = aws.lb.TargetGroup(
            f"{name}-app",
            vpc_id=vpc_id,
            target_type="instance",
            protocol="HTTP",
            port=APP_PORT,
            deregistration_delay=60,
            health_check=aws.lb.TargetGroupHealthCheckArgs(path=HEALTH_PATH, matcher="200", interval=15),
            # A visitor stays with one instance for as long as it lives; the session itself outlives it elsewhere.
            stickiness=aws.lb.TargetGroupStickinessArgs(type="lb_cookie", enabled=True, cookie_duration=STICKY_SECONDS),
            opts=child,
        )
        aws.lb.Listener(
            f"{name}-http",
            load_balancer_arn=self.load_balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="redirect",
                    redirect=aws.lb.ListenerDefaultActionRedirectArgs(
                        protocol="HTTPS", port="443", status_code="HTTP_301"
                    ),
                )
            ],
            opts=child,
        )
        aws.lb.Listener(
            f"{name}-https",
            load_balancer_arn=self.load_balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=TLS_POLICY,
            certificate_arn=certificate_arn,
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=self.target_group.arn)],
            opts=child,
        )
        self.register_outputs({"dnsName": self.load_balancer.dns_name})
