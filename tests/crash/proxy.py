"""Stands between weir and the emulator, sees every request, and lets one of them go wrong."""
import os
import re
import signal
import socket
import threading
import time
from dataclasses import dataclass, field

READS = ("GET", "HEAD")


@dataclass
class Exchange:
    """A request as the proxy saw it."""
    number: int
    run: int
    method: str
    target: str
    body: bytes
    is_forwarded: bool = False
    status: int = 0  # 0: there was no answer
    is_lost: bool = False  # weir got no answer

    @property
    def is_change(self):
        is_token = self.target.startswith("/oidc/") or self.target.endswith("/credentials")
        return self.method not in READS and not is_token

    @property
    def name(self):
        return f"{self.method} {self.target}"

    def __str__(self):
        fate = self.status or ("no answer" if self.is_forwarded else "not forwarded")
        return f"{self.run}.{self.number} {self.name} → {fate}"


@dataclass
class Strike:
    """What happens to one request: at which moment, and whom it hits."""
    number: int  # of the run; 0: the first that is called `name`
    moment: str
    name: str = ""

    def hits(self, exchange):
        return exchange.number == self.number or exchange.name == self.name


class Message:
    """One HTTP message with a Content-Length, as both sides send them."""

    def __init__(self, connection, pending):
        data = pending
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self.more(connection)
        self.start = data[:data.find(b"\r\n")].decode()
        found = re.search(rb"\r\ncontent-length: *(\d+)", data[:end + 2], re.IGNORECASE)
        size = end + 4 + (int(found.group(1)) if found else 0)
        while len(data) < size:
            data += self.more(connection)
        self.raw, self.rest = data[:size], data[size:]
        self.body = self.raw[end + 4:]

    @staticmethod
    def more(connection):
        data = connection.recv(65536)
        if not data:
            raise ConnectionError("closed")
        return data


class Cut(Exception):
    """The connection ends here, on purpose."""


@dataclass
class Proxy:
    emulator: object
    watch: object = None  # called with each Exchange before it is forwarded
    strike: Strike = None
    victim: object = None  # the process that a strike kills
    exchanges: list = field(default_factory=list)
    run: int = 0
    counted: int = 0
    under_way: int = 0  # requests that have come and are not answered
    is_struck: bool = False
    held: tuple = None  # a request that arrives late
    port: int = 0
    translate: tuple = None  # bytes of requests, and what the emulator gets in their place
    echo: bytes = b""  # the answer of a server that talks too much

    def __post_init__(self):
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.told = threading.Event()
        self.open = set()
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.acceptor = threading.Thread(target=self.accept, daemon=True)
        self.acceptor.start()

    @property
    def host(self):
        return f"http://127.0.0.1:{self.port}"

    def begin_run(self, strike=None):
        with self.lock:
            self.run += 1
            self.counted = 0
            self.strike = strike
            self.victim = None
            self.is_struck = False
            self.stopped.clear()
            self.told.clear()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self.acceptor.join()
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        upstream = None
        pending = b""
        try:
            while True:
                message = Message(client, pending)
                pending = message.rest
                exchange, strike = self.take(message)
                if upstream is None:
                    upstream = socket.create_connection(("127.0.0.1", self.emulator.port))
                    upstream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                try:
                    if self.watch:
                        self.watch(exchange)
                    self.pass_on(message, exchange, strike, client, upstream)
                finally:
                    with self.lock:
                        self.under_way -= 1
        except (OSError, Cut):
            pass
        finally:
            for connection in (client, upstream):
                if connection is not None:
                    connection.close()

    def take(self, message):
        method, target, _ = message.start.split(" ", 2)
        with self.lock:
            self.counted += 1
            self.under_way += 1
            exchange = Exchange(self.counted, self.run, method, target, message.body)
            self.exchanges.append(exchange)
            is_hit = self.strike and not self.is_struck and self.strike.hits(exchange)
            strike = self.strike if is_hit else None
            self.is_struck = self.is_struck or is_hit
        return exchange, strike

    def pass_on(self, message, exchange, strike, client, upstream):
        moment = strike.moment if strike else ""
        exchange.is_lost = moment in ("lost", "emulator-before", "emulator-handled")
        self.let_late_one_arrive(exchange, upstream)
        if moment == "late" and exchange.is_change:
            self.held = (message, exchange)
        if moment in ("kill-before", "late"):
            self.kill_victim()
            raise Cut
        if moment == "emulator-before":
            self.restart_emulator()
            raise Cut
        if moment in ("tell", "hang"):
            self.told.set()
        answer = self.forward(message, exchange, upstream)
        if moment == "echo":
            client.sendall(self.echo)
            raise Cut
        if moment == "hang":
            client.recv(1)  # until weir gives up
            raise Cut
        if moment == "kill-handled":
            self.kill_victim()
            raise Cut
        if moment == "emulator-handled":
            self.restart_emulator()
            raise Cut
        if moment == "lost":
            raise Cut
        if moment == "stop":
            self.stop_victim()
        client.sendall(answer.raw)
        if moment == "kill-answered":
            self.kill_victim()

    def forward(self, message, exchange, upstream):
        exchange.is_forwarded = True
        upstream.sendall(message.raw.replace(*self.translate) if self.translate else message.raw)
        answer = Message(upstream, b"")
        exchange.status = int(answer.start.split(" ")[1])
        return answer

    def let_late_one_arrive(self, exchange, upstream):
        """When a later run sends the same again, the first one comes in just before."""
        with self.lock:
            is_due = self.held and self.held[1].run < exchange.run and exchange.is_change
            held, self.held = (self.held, None) if is_due else (None, self.held)
        if held:
            self.forward(*held, upstream)

    def wait_for_victim(self):
        """It may be quicker than the one who started it."""
        limit = time.monotonic() + 10
        while self.victim is None and time.monotonic() < limit:
            time.sleep(0.0005)
        return self.victim

    def stop_victim(self):
        """Until it is continued; the answer waits for it in its socket."""
        victim = self.wait_for_victim()
        victim.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, victim.pid, os.WSTOPPED | os.WNOWAIT)
        # What it has sent by now arrives; only what it sends later is late.
        limit = time.monotonic() + 10
        while self.under_way > 1 and time.monotonic() < limit:
            time.sleep(0.001)
        self.stopped.set()

    def kill_victim(self):
        self.wait_for_victim().kill()
        try:
            os.waitid(os.P_PID, self.victim.pid, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:
            pass  # the one who started it has waited already

    def restart_emulator(self):
        self.emulator.kill()
        self.emulator.start()
