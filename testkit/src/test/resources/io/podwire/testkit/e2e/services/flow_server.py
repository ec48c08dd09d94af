"""A server that says its name and the client's address to each connection and each datagram.

At all but the first of its ports it says NAME:PORT for its name. Lines that come on a connection
afterwards are said again.

  flow_server.py NAME PORT,PORT... [stay]

Prints "ready" when it serves; with stay it does not end when it is asked to.
"""
import signal
import socket
import sys
import threading

name = sys.argv[1]
ports = [int(port) for port in sys.argv[2].split(",")]
if "stay" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def greeting(port, client):
    said = name if port == ports[0] else f"{name}:{port}"
    return f"{said} {client[0].removeprefix('::ffff:')}\n".encode()


def datagrams(serving, port):
    while True:
        _, client = serving.recvfrom(512)
        try:
            serving.sendto(greeting(port, client), client)
        except OSError:
            pass


def talk(connection, port, client):
    with connection:
        try:
            connection.sendall(greeting(port, client))
            while line := connection.recv(512):
                connection.sendall(line)
        except OSError:
            pass


def connections(serving, port):
    while True:
        connection, client = serving.accept()
        threading.Thread(target=talk, args=(connection, port, client), daemon=True).start()


def start(target, *arguments):
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    thread.start()
    return thread


threads = []
for port in ports:
    both = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    both.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    both.bind(("::", port))
    stream = socket.create_server(
        ("::", port), family=socket.AF_INET6, backlog=4096, dualstack_ipv6=True)
    threads += [start(datagrams, both, port), start(connections, stream, port)]
print("ready", flush=True)
for thread in threads:
    thread.join()
