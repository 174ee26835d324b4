"""What runs inside of the program's own interpreter: an engine that records what the program registers.

It is started by its folder, on Python 3.9 or newer, and imports the standard library and the program's own `pulumi`,
`grpc` and `protobuf`, nothing of the checker.
"""
