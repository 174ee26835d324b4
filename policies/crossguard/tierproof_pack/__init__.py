"""
Tierproof's rules as policies of Pulumi's, served by the protocol that the engine speaks with its analyzers.

Pulumi's policy SDK hands each policy a copy of the whole stack of its own, with the marks of secrets taken off and with
values that raise where they are not known. Here the stack is read once for all policies, as the engine sent it.
Source: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/analyzer.proto
"""
