"""What the tests of the item analysis start from."""

import pytest


@pytest.fixture
def rules(check):
    return check.versions.get()


@pytest.fixture
def asked(rules):
    """The three question versions of the check, in their order."""
    return [member.question.versions.get() for member in rules.slots.get().members.order_by("position")]


@pytest.fixture
def instructor_client(client_of, instructor):
    return client_of(instructor)
