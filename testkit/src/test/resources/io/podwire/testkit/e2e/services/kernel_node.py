"""The node of flows.txt as network namespaces of the Linux kernel, with rules that were exported.

Started in new network, mount and process namespaces, so that nothing is left of it:
  kernel_node.py iptables|nftables RULES FLOWS
FLOWS has a line for each: NUMBER SOURCE ADDRESS PROTOCOL DESTINATION PORT. For each it prints
NUMBER and, for every kind of outcome, "endpoint source" or reject or drop.
  kernel_node.py serve NAME        answers on port 8080, TCP and UDP, with its name and the client
  kernel_node.py ask               reads flows, prints outcomes
"""
import os
import socket
import subprocess
import sys
import threading

CONNECTIONS = 40
PATIENCE = 1.5
TARGET = 8080
PODS = {"pod": "10.244.1.2", "local-a": "10.244.1.3", "local-b": "10.244.1.4",
        "remote-a": "10.244.2.2"}


def run(*words, **options):
    subprocess.run(words, check=True, **options)


def inside(name, *words):
    return ("ip", "netns", "exec", name) + words


def link(name, number, addresses, node_address):
    run("ip", "netns", "add", name)
    run("ip", "link", "add", f"v{number}", "type", "veth", "peer", "name", "eth0", "netns", name)
    run("ip", "address", "add", node_address, "dev", f"v{number}")
    run("ip", "link", "set", f"v{number}", "up")
    run(*inside(name, "ip", "link", "set", "lo", "up"))
    for address in addresses:
        run(*inside(name, "ip", "address", "add", address, "dev", "eth0"))
    run(*inside(name, "ip", "link", "set", "eth0", "up"))


def set_up():
    run("mount", "-t", "tmpfs", "none", "/run")
    run("ip", "link", "set", "lo", "up")
    # Refusals are asked for faster than the kernel tells them by default.
    for path, value in (("ip_forward", "1"), ("icmp_ratelimit", "0")):
        with open(f"/proc/sys/net/ipv4/{path}", "w") as setting:
            setting.write(value)
    for number, (name, address) in enumerate(PODS.items()):
        link(name, number, [f"{address}/32"], "10.244.1.1/32")
        run("ip", "route", "add", f"{address}/32", "dev", f"v{number}")
        run(*inside(name, "ip", "route", "add", "10.244.1.1/32", "dev", "eth0"))
        run(*inside(name, "ip", "route", "add", "default", "via", "10.244.1.1"))
    link("outside", 9, ["172.30.0.99/24", "172.30.0.20/24", "172.30.0.1/24"], "172.30.0.11/24")
    for network in ("10.96.0.0/16", "203.0.113.0/24"):
        run(*inside("outside", "ip", "route", "add", network, "via", "172.30.0.11"))
    # What no rule takes leaves the node, and nobody answers.
    run("ip", "route", "add", "default", "via", "172.30.0.1")


def serve(name):
    def tcp():
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("", TARGET))
        listener.listen(4096)
        print("ready", flush=True)
        while True:
            connection, client = listener.accept()
            try:
                connection.sendall(f"{name} {client[0]}".encode())
            except OSError:
                pass
            connection.close()

    threading.Thread(target=tcp, daemon=True).start()
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("", TARGET))
    while True:
        _, client = datagrams.recvfrom(100)
        try:
            datagrams.sendto(f"{name} {client[0]}".encode(), client)
        except OSError:
            pass


def connect(source, protocol, destination, port):
    tcp = protocol == "tcp"
    kind = socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as client:
        client.settimeout(PATIENCE)
        try:
            client.bind((source, 0))
            client.connect((destination, int(port)))
            if not tcp:
                client.send(b"?")
            return client.recv(100).decode() or "closed"
        except (ConnectionRefusedError, PermissionError):
            # The kernel tells its own sender of datagrams EPERM.
            return "reject"
        except socket.timeout:
            return "drop"
        except OSError as failure:
            return f"failure:{failure.errno} -"


def ask():
    lock = threading.Lock()

    def flow(number, source, protocol, destination, port):
        outcomes = set()
        for count in range(CONNECTIONS):
            outcome = connect(source, protocol, destination, port)
            outcomes.add(outcome)
            if count == 1 and outcomes <= {"drop", "reject"}:
                break
        with lock:
            print(number, ";".join(sorted(outcomes)), sep=";", flush=True)

    threads = []
    for line in sys.stdin:
        number, _, address, protocol, destination, port = line.split()
        threads.append(
            threading.Thread(target=flow, args=(number, address, protocol, destination, port)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main(kind, rules, flows):
    set_up()
    if kind == "iptables":
        run("iptables-restore", rules)
    else:
        run("nft", "-f", rules)
    script = os.path.abspath(__file__)
    servers = []
    for name in PODS:
        server = subprocess.Popen(
            inside(name, sys.executable, script, "serve", name), stdout=subprocess.PIPE, text=True)
        servers.append(server)
    for server in servers:
        assert server.stdout.readline() == "ready\n", "a server did not start"
    by_source = {}
    with open(flows) as lines:
        for line in lines:
            by_source.setdefault(line.split()[1], []).append(line)
    clients = []
    for source, lines in by_source.items():
        words = (sys.executable, script, "ask")
        if source == "stranger":
            words = inside("outside", *words)
        elif source != "node":
            words = inside(source, *words)
        client = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        client.stdin.write("".join(lines))
        client.stdin.close()
        clients.append(client)
    for client in clients:
        sys.stdout.write(client.stdout.read())
        assert client.wait() == 0, "a client failed"


if sys.argv[1] == "serve":
    serve(sys.argv[2])
elif sys.argv[1] == "ask":
    ask()
else:
    main(*sys.argv[1:])
