"""AWS as a network and availability checker sees it, inside the process (moto, made faithful)."""
