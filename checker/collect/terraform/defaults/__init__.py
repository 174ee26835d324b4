"""What the provider fills in where an attribute was not set, by type: one table in three parts.

Each part has `DEFAULTS`: type -> dotted path -> value. A path through a nested block applies to every block of the
list, and to none where there is no such block.
"""
