"""Proof that an AWS stack keeps its documented tiers."""

__version__ = "0.1.0"
