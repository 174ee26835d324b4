"""The report that every format is shown."""

import pytest

from checker.model.report import Report
from tests.report.sample_report import sample_report


@pytest.fixture
def report() -> Report:
    """Return a report with everything in it that a format may have to show."""
    return sample_report()
