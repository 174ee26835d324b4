"""Resource kinds, one file each: its shape, its spelling in every dialect, and the calls that list it."""
