"""What the page of a unit shows its reader."""
