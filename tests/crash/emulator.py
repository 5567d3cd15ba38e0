"""An emulator of its own for each case, on a port that stays when it is killed and started again."""
import http.client
import json
import random
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

POSTGRES = "/api/2.0/postgres/"


class QuietPort:
    """A TCP port that the system gives to nobody who asks for any, so that it stays free in a
    restart. Its UDP twin is held meanwhile: that keeps the other cases from choosing it too."""

    GIVEN = Path("/proc/sys/net/ipv4/ip_local_port_range")

    def __init__(self):
        lowest, highest = map(int, self.GIVEN.read_text().split())
        quiet = [port for port in range(10000, 65536) if not lowest <= port <= highest]
        while True:
            self.number = random.choice(quiet)
            self.twin = socket.socket(type=socket.SOCK_DGRAM)
            with socket.socket() as probe:
                try:
                    self.twin.bind(("127.0.0.1", self.number))
                    probe.bind(("127.0.0.1", self.number))
                    return
                except OSError:
                    self.twin.close()

    def release(self):
        self.twin.close()


class Emulator:
    """Runs in `folder`, which may hold what an earlier one has left."""

    def __init__(self, program, folder, latency="settle=0s", options=(), has_postgres=False):
        self.program = program
        self.folder = Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.postgres_port = QuietPort() if has_postgres else None
        self.options = [*self.postgres_options(), "--latency", latency, *options]
        self.log = self.folder.with_suffix(".log")
        self.quiet_port = QuietPort()
        self.port = self.quiet_port.number
        self.start()
        self.token = (self.folder / "token").read_text().strip()

    def postgres_options(self):
        if not self.postgres_port:
            return ["--no-postgres"]
        # Clusters run as another user when we are root, who passes through.
        for folder in (self.folder, self.folder.parent):
            folder.chmod(0o711)
        network = f"127.{random.randrange(101, 250)}.{random.randrange(256)}.0"
        return ["--postgres-port", str(self.postgres_port.number), "--postgres-network", network]

    def variables(self):
        """With which weir finds the way into databases."""
        if not self.postgres_port:
            return {}
        return {"WEIR_POSTGRES_PORT": str(self.postgres_port.number),
                "WEIR_POSTGRES_CA": str(self.folder / "ca.pem")}

    @property
    def host(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        command = [self.program, "serve", "--data", str(self.folder), "--listen",
                   f"127.0.0.1:{self.port}", *self.options]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        limit = time.monotonic() + 60
        while time.monotonic() < limit and self.process.poll() is None:
            if re.search("^listening on", self.log.read_text(), re.MULTILINE):
                return
            time.sleep(0.002)
        raise RuntimeError("the emulator does not start: " + self.log.read_text())

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
        self.quiet_port.release()
        if self.postgres_port:
            self.postgres_port.release()

    def call(self, method, target, body=None):
        """The answer's document; targets are below the API unless they begin with a slash."""
        target = target if target.startswith("/") else POSTGRES + target
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, target, json.dumps(body) if body is not None else None,
                               {"Authorization": "Bearer " + self.token})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{method} {target}: {answer.status} {text.decode()}")
            return json.loads(text or b"{}")
        finally:
            connection.close()

    def received(self):
        """What it was sent since it was started, without its own control."""
        return self.call("GET", "/_emulator/requests")["requests"]
