"""The web Pod's server, and clients that tell what they see of their connections."""

import http.server
import socket
import socketserver
import sys
import threading
import time

HTTP, OTHER_HTTP, ECHO, SINK = 8080, 8081, 9000, 9001


class Pages(http.server.BaseHTTPRequestHandler):
    """/bytes/N answers with N octets, anything else with a word."""

    def do_GET(self):
        parts = self.path.split("/")
        body = b"x" * int(parts[2]) if parts[1] == "bytes" else b"web\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Sink(socketserver.BaseRequestHandler):
    """Takes all there is, and answers how much it was."""

    def handle(self):
        total = 0
        while data := self.request.recv(65536):
            total += len(data)
        self.request.sendall(b"%d\n" % total)


class Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def echo():
    """Sends datagrams back, behind the octet of their type of service."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
    server.bind(("", ECHO))
    while True:
        data, ancillary, _, sender = server.recvmsg(2048, 64)
        server.sendto(ancillary[0][2][:1] + data, sender)


def serve():
    threading.Thread(target=echo, daemon=True).start()
    threading.Thread(target=Threads(("", SINK), Sink).serve_forever, daemon=True).start()
    other = http.server.ThreadingHTTPServer(("", OTHER_HTTP), Pages)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    http.server.ThreadingHTTPServer(("", HTTP), Pages).serve_forever()


def udp(host, count, tos="0"):
    """Numbered datagrams, a millisecond apart: answers, marks, and how many came out of order."""
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, int(tos))
    client.settimeout(1)

    def send():
        for number in range(int(count)):
            client.sendto(number.to_bytes(4, "big"), (host, ECHO))
            time.sleep(0.001)

    sender = threading.Thread(target=send)
    sender.start()
    numbers, marked, inverted, highest = set(), 0, 0, -1
    try:
        while len(numbers) < int(count):
            data = client.recv(2048)
            number = int.from_bytes(data[1:], "big")
            numbers.add(number)
            marked += data[0] & 3 == 3
            inverted += number < highest
            highest = max(highest, number)
    except TimeoutError:
        pass
    sender.join()
    print("answered", len(numbers), "marked", marked, "inverted", inverted)


def get(host, path, port=HTTP):
    """A page, up to the connection's end."""
    begun = time.monotonic()
    first = None
    body = b""
    reads = 0
    outcome = "closed"
    try:
        with socket.create_connection((host, int(port)), 4) as client:
            client.sendall(b"GET %s HTTP/1.0\r\n\r\n" % path.encode())
            while data := client.recv(65536):
                first = first or time.monotonic()
                body += data
                reads += 1
    except OSError as failure:
        outcome = type(failure).__name__
    now = time.monotonic()
    head, _, page = body.partition(b"\r\n\r\n")
    print(
        "octets", len(body), "page", len(page), "reads", reads, "outcome", outcome,
        "first", round(((first or now) - begun) * 1000), "end", round((now - begun) * 1000),
    )


def put(host, octets):
    """Sends so many octets and waits for the other end's count of them."""
    begun = time.monotonic()
    outcome = "closed"
    answer = b""
    try:
        with socket.create_connection((host, SINK), 5) as client:
            client.sendall(b"x" * int(octets))
            client.shutdown(socket.SHUT_WR)
            answer = client.recv(100)
    except OSError as failure:
        outcome = type(failure).__name__
    elapsed = round((time.monotonic() - begun) * 1000)
    print("counted", answer.decode().strip(), "outcome", outcome, "end", elapsed)


if __name__ == "__main__":
    {"serve": serve, "udp": udp, "get": get, "put": put}[sys.argv[1]](*sys.argv[2:])
