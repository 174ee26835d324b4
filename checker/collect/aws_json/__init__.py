"""The source `aws-json`: folders of what the AWS CLI or an SDK answered, saved as JSON."""

from checker.collect.aws_json.source import recognise, source_of
from checker.collect.source import FileSourceSpec

SOURCE = FileSourceSpec(
    name="aws-json",
    looks_for="JSON files whose top-level keys are those of AWS CLI output, such as Vpcs or SecurityGroups",
    recognise=recognise,
    open=source_of,
)
