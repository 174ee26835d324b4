"""Rules and subjects in, results out: the engine, the choice of rules and the exit codes."""
