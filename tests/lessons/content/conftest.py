"""What the tests of files start from."""

import pytest

from tests import folders


@pytest.fixture
def folder(tmp_path):
    return folders.write(tmp_path / "cto")
