"""The demonstration: an AWS inside the process and a web shop built in it."""
