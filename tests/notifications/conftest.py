import environ
import pytest

from tests.notifications import smtp_server


@pytest.fixture
def mail_server(settings):
    """A real mail server, and EMAIL_URL pointing at it."""
    with smtp_server.running() as server:
        settings.DELIVERY = environ.Env.email_url_config(f"smtp://127.0.0.1:{server.port}")
        settings.SITE_URL = "https://learn.example.com"
        yield server
