"""The nouns of the field: frozen values without input or output."""
