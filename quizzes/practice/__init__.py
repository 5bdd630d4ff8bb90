"""What was missed, asked again after days."""
