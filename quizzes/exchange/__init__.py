"""Questions from and for other systems: GIFT, Aiken, Moodle XML. docs/exchange.md says what each of them keeps.

A format reads text into entries (`records.Entry`) whose fields are those of a question file, and writes such fields
back. Formats know nothing of the database; `importing` and `exporting` bring them together with the bank.
"""
