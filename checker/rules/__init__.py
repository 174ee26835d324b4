"""The rules, one file each; a rule's docstring is its manual page."""
