"""Programs of others that have to be run: each is shut in, and nothing of it is left behind."""
