"""Hypothesis profiles: `--hypothesis-profile=long` walks the oracle through many thousands of networks."""

from hypothesis import settings

settings.register_profile("long", max_examples=10_000, deadline=None)
