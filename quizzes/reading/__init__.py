"""Long texts that a person reads."""
