"""How the network carries packets: route tables, and one file for each kind of gateway that a route leads to."""
