"""The program as `prod` runs it, once for all tests that look at it."""

import pytest

from tests.infra.programs import Program, program


@pytest.fixture(scope="session")
def prod() -> Program:
    return program("prod")
