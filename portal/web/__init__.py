"""HTTP: the gate that denies by default, the shell around every page, and the core's own pages."""
