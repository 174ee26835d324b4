"""The blueprint: found, read with line numbers and held to what it must say."""
