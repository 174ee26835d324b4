"""What several subcommands do alike; a folder of its own, so that looking for subcommands does not import it."""
