"""Questions that people ask of the graph: who reaches whom, by names, addresses and tiers."""
