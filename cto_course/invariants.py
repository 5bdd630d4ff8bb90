"""What must always be true of the ground on which the rooms stand."""

from cto_course import rights

CHECKS = [
    ("every model has its permissions", rights.missing),
    ("instructors were given every right of theirs", rights.not_given),
]
