"""Which questions work."""
