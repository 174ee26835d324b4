"""Faults that one resource has all by itself, by the rule that says so."""

from tests.policies.crossguard.shop import Of

FORWARD = {"type": "forward", "targetGroupArn": Of("targets", "arn")}
# For each rule a resource and what of it is wrong whatever stands around it.
WRONG: dict[str, tuple[str, dict[str, object]]] = {
    "APP001": ("template", {"metadataOptions": {"httpTokens": "optional"}}),
    "APP004": ("app", {"minSize": 1, "maxSize": 1}),
    "AZ003": ("cache", {"multiAzEnabled": False}),
    "AZ004": ("database", {"multiAz": False}),
    "DAT002": ("files", {"encrypted": False}),
    "DAT003": ("cache", {"transitEncryptionEnabled": False, "transitEncryptionMode": None}),
    "DAT004": ("database", {"backupRetentionPeriod": 0}),
    "DAT005": ("database", {"deletionProtection": False}),
    "EDG001": ("http", {"defaultActions": [FORWARD]}),
    "EDG003": ("https", {"sslPolicy": "ELBSecurityPolicy-2016-08"}),
    "SES001": ("targets", {"stickiness": {"type": "lb_cookie", "enabled": False}}),
}
