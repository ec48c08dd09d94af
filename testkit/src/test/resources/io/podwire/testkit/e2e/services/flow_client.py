"""Opens connections to Services, and prints for each line what became of them.

  flow_client.py FILE FIRST-PORT [IPV4,IPV6]

A line of the file is: number tcp|udp address port connections. UDP has no end of a connection, so
datagrams leave from FIRST-PORT on, one from each port: a port that was used before may belong to a
flow that is still known. They all leave from the address of their family, where one is given.

What is printed is number;outcome;outcome…, an outcome being what the server said ("endpoint
address"), reject (refused), unreachable (another ICMP error) or drop. Of those one is enough.
"""
import concurrent.futures
import itertools
import socket
import sys

PATIENCE = 1.2
THREADS = 24

ports = itertools.count(int(sys.argv[2]))
sources = sys.argv[3].split(",") if len(sys.argv) > 3 else ["", ""]


def once(protocol, address, port):
    six = ":" in address
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET6 if six else socket.AF_INET, kind) as client:
        client.settimeout(PATIENCE)
        source = sources[six]
        if source or protocol == "udp":
            client.bind((source, next(ports) if protocol == "udp" else 0))
        try:
            client.connect((address, port))
            if protocol == "udp":
                client.send(b"?")
            return client.recv(512).decode().strip()
        except (ConnectionRefusedError, PermissionError):
            # The kernel tells its own sender of datagrams EPERM.
            return "reject"
        except TimeoutError:
            return "drop"
        except OSError:
            return "unreachable"


def all_of(line):
    number, protocol, address, port, connections = line.split()
    outcomes = set()
    for _ in range(int(connections)):
        outcome = once(protocol, address, int(port))
        outcomes.add(outcome)
        if " " not in outcome:
            break
    return ";".join([number] + sorted(outcomes))


with concurrent.futures.ThreadPoolExecutor(THREADS) as several:
    for line in several.map(all_of, open(sys.argv[1]).read().splitlines()):
        print(line)
