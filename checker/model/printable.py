"""Other people's text, as a terminal or a report may show it."""


def clean(text: str) -> str:
    """Return the text without what a terminal could obey: names and tags are other people's input."""
    return "".join(char if char.isprintable() else " " for char in text)
