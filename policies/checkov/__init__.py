"""External checks for checkov, whose `--external-checks-dir` wants a folder that is a package."""

__all__ = ["tierproof_verdicts"]
