"""PostgreSQL whose connections are trusted while they are used: see base.py."""
