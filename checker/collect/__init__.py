"""Sources: one module or package each, found by looking into this folder."""
