"""The pack as `pulumi preview --policy-pack` runs it: every rule, held to the blueprint that ships with tierproof."""  # noqa: INP001  # a folder that is run, no package

from pathlib import Path

from tierproof_pack.server import serve

if __name__ == "__main__":
    serve(Path(__file__).parent)
