"""A server that says its name and the client's address to each connection and each datagram.

Lines that come on a connection afterwards are said again.

  flow_server.py NAME PORT
"""
import socket
import sys
import threading

name, port = sys.argv[1], int(sys.argv[2])


def datagrams():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as serving:
        serving.bind(("0.0.0.0", port))
        while True:
            _, client = serving.recvfrom(512)
            serving.sendto(f"{name} {client[0]}".encode(), client)


def talk(connection, client):
    with connection:
        connection.sendall(f"{name} {client[0]}\n".encode())
        while line := connection.recv(512):
            connection.sendall(line)


threading.Thread(target=datagrams, daemon=True).start()
with socket.create_server(("0.0.0.0", port), backlog=512) as serving:
    while True:
        threading.Thread(target=talk, args=serving.accept(), daemon=True).start()
