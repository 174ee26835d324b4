"""The reports that every format is shown."""

import pytest

from checker.model.report import Report
from tests.report.sample_report import sample_report
from tests.report.sample_review import sample_review


@pytest.fixture
def report() -> Report:
    """Return a report with everything in it that a format may have to show."""
    return sample_report()


@pytest.fixture
def review() -> Report:
    """Return the report of a pull request, with names in it that nobody should give."""
    return sample_review()
