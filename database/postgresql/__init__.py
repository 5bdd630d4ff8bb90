"""SQLite with a queue: see base.py."""
