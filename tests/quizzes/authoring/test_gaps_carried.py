"""What the next version of a text with gaps carries on of its corrections."""

import pytest

from quizzes.authoring import drafts
from quizzes.models import QuestionVersion
from quizzes.regrading import process
from tests import factories

pytestmark = pytest.mark.django_db


def test_next_version_accepts_what_a_correction_accepts(course, check, instructor):
    factories.gaps(course, "G.1")
    version = QuestionVersion.objects.get(question__key="G.1")
    process.decide(
        version=version,
        policy="accept",
        details={"answers": [{"1": "throughput"}]},
        reason="So it is.",
        by=instructor,
        at=factories.NOW,
    )
    draft = drafts.next_version(version.question)
    assert draft.body["gaps"][0]["accepted"] == ["lead time", "cycle time", "throughput"]
    assert drafts.faults(draft) == []
