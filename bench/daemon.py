"""An emulator in a temporary folder on free ports, and a client that is quicker than it."""
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

POSTGRES = "/api/2.0/postgres/"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Connection:
    """One keep-alive connection; several of them keep the emulator busy from one thread."""

    def __init__(self, port: int, token: str):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"

    def send(self, method: str, path: str, body: str = "") -> None:
        self.socket.sendall(
            f"{method} {path}{self.head}Content-Length: {len(body)}\r\n\r\n{body}".encode())

    def receive(self) -> tuple[int, bytes]:
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self.more()
        length = int(re.search(rb"Content-Length: (\d+)", data[:end]).group(1))
        while len(data) < end + 4 + length:
            data += self.more()
        return int(data[9:12]), data[end + 4:]

    def more(self) -> bytes:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the emulator closed the connection")
        return data


class Emulator:
    """Runs until the end of a `with`; its folder goes with it."""

    def __init__(self, program: str, *options: str):
        self.program = program
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="weir-bench-")
        os.chmod(self.folder, 0o711)  # the clusters run as an unprivileged user and pass through
        self.postgres_port = free_port()
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.folder, "--listen", "127.0.0.1:0",
             "--postgres-port", str(self.postgres_port), "--latency", "settle=0s", *self.options],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on"):
            raise RuntimeError("the emulator did not start")
        self.port = int(line.rsplit(":", 1)[1])
        with open(os.path.join(self.folder, "token"), encoding="ascii") as file:
            self.token = file.read().strip()
        self.connection = self.connect()

    def stop(self) -> None:
        self.connection.socket.close()
        self.process.terminate()
        self.process.wait(60)
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self) -> Connection:
        return Connection(self.port, self.token)

    def call(self, method: str, path: str, body: object = None) -> dict:
        """The answer's document; paths are below the API unless they begin with a slash."""
        path = path if path.startswith("/") else POSTGRES + path
        self.connection.send(method, path, "" if body is None else json.dumps(body))
        status, text = self.connection.receive()
        if status != 200:
            raise RuntimeError(f"{method} {path}: {status} {text.decode()}")
        return json.loads(text)

    def finish(self, operation: dict, pause: float = 0.002) -> None:
        """Waits for the end of an operation."""
        while not operation.get("done"):
            operation = self.call("GET", operation["name"])
            if not operation.get("done"):
                time.sleep(pause)
        if "error" in operation:
            raise RuntimeError(f"{operation['name']}: {operation['error']}")

    def memory(self) -> float:
        """Resident memory in MiB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024

    def processor_seconds(self) -> float:
        """Processor time that the emulator itself has used."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
