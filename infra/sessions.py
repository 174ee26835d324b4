"""Sessions in a table, for a shop without a cache: nothing to size, nothing to fail over."""

import pulumi
import pulumi_aws as aws

import iam_policies
from settings import Settings


class SessionTable(pulumi.ComponentResource):
    """A table of DynamoDB with one item per session, which goes when its time in `expires` has come."""

    def __init__(self, name: str, settings: Settings, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the table."""
        super().__init__("myclothes:index:SessionTable", name, None, opts)

        self.table = aws.dynamodb.Table(
            f"{name}-sessions",
            billing_mode="PAY_PER_REQUEST",
            hash_key="id",
            attributes=[aws.dynamodb.TableAttributeArgs(name="id", type="S")],
            ttl=aws.dynamodb.TableTtlArgs(enabled=True, attribute_name="expires"),
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=True),
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(enabled=True),
            deletion_protection_enabled=settings.protect,
            opts=pulumi.ResourceOptions(parent=self, protect=settings.protect),
        )
        self.environment: dict[str, pulumi.Input[str]] = {"SESSION_TABLE": self.table.name}
        actions = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")
        self.policy = iam_policies.allow([f"dynamodb:{action}" for action in actions], self.table.arn)
        self.register_outputs({"table": self.table.name})
