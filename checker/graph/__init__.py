"""The graph of an inventory and the questions it answers: reachability, zones, stacks and tiers."""
