"""The session with which the demonstration builds its shops."""

import boto3


def session_in(region: str) -> boto3.Session:
    """Return a session in a Region, with the credentials that the environment has."""
    return boto3.Session(region_name=region)
