"""The PostgreSQL backend (database.postgresql): when a connection is doubted, and how values are sent."""

import pytest
from django.db import connection

from cohorts.models import Cohort

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL"),
]


def doubted():
    """Whether the next statement asks first whether the connection lives."""
    connection.close_if_unusable_or_obsolete()
    return not connection.health_check_done


def test_connection_in_use_is_trusted_and_an_idle_one_doubted():
    doubted()
    assert doubted() is False
    connection.used_at -= 61
    assert doubted() is True
    assert doubted() is False


def test_values_are_sent_beside_the_statement_that_is_planned_once():
    """What comes again and again has a name on the server."""
    for number in range(7):
        assert not Cohort.objects.filter(slug=f"nobody-{number}").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%%cohorts_cohort%%slug%%'")
        (statement,) = (row[0] for row in cursor.fetchall())
    assert '"cohorts_cohort"."slug" = $2' in statement
