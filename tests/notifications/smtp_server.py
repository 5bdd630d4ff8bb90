"""A small mail server for tests: it speaks enough SMTP for smtplib, and can refuse."""

import email
import email.policy
import socketserver
import threading
from contextlib import contextmanager


class Conversation(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self.say("220 test")
        recipients = []
        for raw in self.rfile:
            command = raw.decode().strip()
            verb = command[:4].upper()
            if verb in ("EHLO", "HELO", "MAIL", "RSET", "NOOP"):
                self.say("250 ok")
            elif verb == "RCPT":
                recipients.append(command.split("<")[1].split(">")[0])
                refused = self.server.refused & set(recipients)
                self.say("550 no such mailbox" if refused else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    lines.append(line[1:] if line.startswith(b"..") else line)
                self.server.letters.append(
                    (tuple(recipients), email.message_from_bytes(b"".join(lines), policy=email.policy.default))
                )
                recipients = []
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("502 not here")


class Server(socketserver.ThreadingTCPServer):
    """`letters`: (recipients, message) as they came; `refused`: addresses that the server does not take."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters, self.refused = [], set()

    @property
    def port(self):
        return self.server_address[1]


@contextmanager
def running():
    """A server on a free port of this machine, for as long as the block lasts."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
