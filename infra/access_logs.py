"""Where the load balancer writes down every request."""

import pulumi
import pulumi_aws as aws

from settings import Settings


class AccessLogs(pulumi.ComponentResource):
    """A bucket that Elastic Load Balancing may write to and nobody may read in public; logs go after some days."""

    def __init__(self, name: str, settings: Settings, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the bucket and its policy."""
        super().__init__("myclothes:index:AccessLogs", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        # S3 encrypts with its own keys unless told otherwise, and load balancers can write under no others.
        self.bucket = aws.s3.Bucket(
            f"{name}-access-logs",
            force_destroy=not settings.protect,
            opts=pulumi.ResourceOptions(parent=self, protect=settings.protect),
        )
        private = aws.s3.BucketPublicAccessBlock(
            f"{name}-access-logs",
            bucket=self.bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        # Load balancers of other accounts write elsewhere.
        # Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
        account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": pulumi.Output.concat(self.bucket.arn, "/AWSLogs/", account, "/*"),
        }
        aws.s3.BucketPolicy(
            f"{name}-access-logs",
            bucket=self.bucket.id,
            policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]}),
            # S3 refuses two changes of one bucket's access at the same time.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[private]),
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-access-logs",
            bucket=self.bucket.id,
            rules=[
                aws.s3.BucketLifecycleConfigurationRuleArgs(
                    id="forget",
                    status="Enabled",
                    filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=settings.log_days),
                )
            ],
            opts=child,
        )
        self.register_outputs({"bucket": self.bucket.id})
