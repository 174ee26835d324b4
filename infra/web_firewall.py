"""AWS WAF before the load balancer, with the rule sets that AWS keeps."""

import pulumi
import pulumi_aws as aws

# Source: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
RULE_SETS = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
)


class WebFirewall(pulumi.ComponentResource):
    """Refuses requests that AWS knows to be bad; everything else goes on to the load balancer."""

    def __init__(
        self, name: str, *, load_balancer: aws.lb.LoadBalancer, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Put the firewall before a load balancer."""
        super().__init__("myclothes:index:WebFirewall", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        rules: list[aws.wafv2.WebAclRuleArgsDict] = [
            {
                "name": rule_set,
                "priority": priority,
                # Each rule of the set decides by itself.
                "override_action": {"none": {}},
                "statement": {"managed_rule_group_statement": {"name": rule_set, "vendor_name": "AWS"}},
                "visibility_config": {
                    "cloudwatch_metrics_enabled": True,
                    "metric_name": rule_set,
                    "sampled_requests_enabled": True,
                },
            }
            for priority, rule_set in enumerate(RULE_SETS)
        ]
        acl = aws.wafv2.WebAcl(
            name,
            scope="REGIONAL",
            default_action={"allow": {}},
            rules=rules,
            visibility_config=aws.wafv2.WebAclVisibilityConfigArgs(
                cloudwatch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
            ),
            opts=child,
        )
        aws.wafv2.WebAclAssociation(name, resource_arn=load_balancer.arn, web_acl_arn=acl.arn, opts=child)
        self.register_outputs({"arn": acl.arn})
