"""A password that nobody chose and nobody has to type."""

import pulumi
import pulumi_aws as aws

import iam_policies
from settings import Settings


class GeneratedSecret(pulumi.ComponentResource):
    """Letters and digits in Secrets Manager: `value` for the resource that wants them, `policy` for who may read them.

    Each run draws new ones, and the version keeps the first. A higher number of `passwords` makes a new version, which
    keeps what that run drew; what uses the password gets it in the same `pulumi up`.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        description: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Draw a secret of 32 characters and keep it."""
        super().__init__("myclothes:index:GeneratedSecret", name, None, opts)

        drawn = aws.secretsmanager.get_random_password_output(
            password_length=32, exclude_punctuation=True, opts=pulumi.InvokeOutputOptions(parent=self)
        )
        secret = aws.secretsmanager.Secret(
            name,
            description=description,
            # Without protection a stack comes and goes; a name that waits to be deleted could not be taken again.
            recovery_window_in_days=30 if settings.protect else 0,
            opts=pulumi.ResourceOptions(parent=self, protect=settings.protect),
        )
        version = aws.secretsmanager.SecretVersion(
            f"{name}-{settings.passwords}",
            secret_id=secret.id,
            secret_string=drawn.random_password,
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["secret_string"]),
        )
        self.arn = secret.arn
        # What the version keeps, not what this run drew.
        self.value = version.secret_string
        self.policy = iam_policies.allow(["secretsmanager:GetSecretValue"], secret.arn)
        self.register_outputs({"arn": self.arn})
