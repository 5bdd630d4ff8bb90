"""Forms and lists of the admin, whatever they are about."""
