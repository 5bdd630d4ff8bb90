"""What a campaign asks of the server while its database cannot be written, beside the learners who go on saving."""

import http.client
import json
import re
import threading
import time

from tests.campaigns import crash, scratch

SIGN_IN = "/accounts/login/"
#: Seconds after which every worker knows that it cannot write: an answer of /ready/ is kept for one.
KNOWN = 1.2
#: Seconds that a server has to notice that it can write again; it looks at most once a second.
PATIENCE = 20


class Asking:
    """Asks one server over new connections, and remembers every answer of 500 as (status, path)."""

    def __init__(self, port, cookie):
        self.port, self.cookie, self.odd = port, cookie, []

    def ask(self, path, method="GET", body=None, **headers):
        """(status, headers, text) of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if answer.status == 500:
            self.odd.append((500, path))
        return answer.status, dict(answer.getheaders()), text

    def status(self, path):
        return self.ask(path, Cookie=self.cookie)[0]

    def signs_in(self, email):
        """What somebody is told who signs in: the status, and whether it says that it is not the password."""
        _status, headers, page = self.ask(SIGN_IN)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
        form = f"csrfmiddlewaretoken={token}&login={email}&password=correct-horse-battery"
        given = {"Cookie": headers["set-cookie"].split(";")[0], "Content-Type": "application/x-www-form-urlencoded"}
        status, _headers, text = self.ask(SIGN_IN, "POST", form, **given)
        return status, "That is not because of what you entered" in text

    def wait_until(self, path, status, stop):
        """Ask until the answer has this status; whether it came in time."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if self.ask(path)[0] == status:
                    return True
            except OSError:
                pass
            stop.wait(0.1)
        return False


def browsers_of(made, port, stop):
    started = [crash.Browser(port, *one[1:], stop) for one in made]
    for browser in started:
        browser.start()
    return started


def finish(browsers, stop):
    stop.set()
    for browser in browsers:
        browser.join(timeout=60)


def found(browsers, made, asking):
    """What every campaign of this kind reports of those who saved."""
    return {
        "acknowledged": sum(len(browser.acknowledged) for browser in browsers),
        "told_to_wait": sum(browser.unavailable for browser in browsers),
        "unanswered": sum(browser.unanswered for browser in browsers),
        "odd": (asking.odd + [each for browser in browsers for each in browser.odd])[:5],
        "lost": crash.lost(browsers, made),
        "broken": scratch.broken_invariants(),
    }


def good(report):
    return bool(report["acknowledged"]) and not (report["odd"] or report["lost"] or report["broken"])


def line(report):
    return json.dumps(report) + "\n"


def pause(seconds):
    """Let the others go on for a while."""
    threading.Event().wait(seconds)
