"""A load generator on plain sockets: 8 connections, keep-alive, every answer read to its end and its status checked."""

from __future__ import annotations

import selectors
import socket
import time

CONNECTIONS = 8


class Connection:
    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = request
        self.missing = -1  # bytes of the body still to come; -1 while the head is being read
        self.head = b""
        self.ask()

    def ask(self) -> None:
        self.missing, self.head = -1, b""
        self.socket.sendall(self.request)

    def read(self) -> bool:
        """Reads what is there. True when an answer is complete. Raises on any status but 200."""
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the connection")
        if self.missing >= 0:
            self.missing -= len(data)
            return self.missing == 0
        self.head += data
        end = self.head.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = self.head[:end].lower()
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"not 200: {self.head[:300]!r}")
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        self.missing = length - (len(self.head) - end - 4)
        return self.missing == 0


def per_second(port: int, path: str, cookie: str = "", seconds: float = 3.0) -> float:
    """Requests answered in one second, over 8 connections."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    request += f"Cookie: {cookie}\r\n\r\n" if cookie else "\r\n"
    ready = selectors.DefaultSelector()
    for _ in range(CONNECTIONS):
        connection = Connection(port, request.encode())
        ready.register(connection.socket, selectors.EVENT_READ, connection)
    done, start = 0, time.perf_counter()
    warm = start + 0.4
    counting = False
    while (now := time.perf_counter()) < warm + seconds:
        if not counting and now >= warm:
            counting, done = True, 0
        for key, _events in ready.select(1):
            if key.data.read():
                done += 1
                key.data.ask()
    took = time.perf_counter() - warm
    for key in list(ready.get_map().values()):
        key.data.socket.close()
    ready.close()
    return done / took
