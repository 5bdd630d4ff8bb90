"""One question: what may be answered, how it is scored, how it is drawn. Pure; nothing here knows a table."""
