"""Opens connections to Services, and prints for each line what became of them.

  flow_client.py FILE FIRST-PORT [SOURCE ADDRESS]

UDP has no end of a connection, so datagrams leave from FIRST-PORT on, one from each port: a port that was used
before may belong to a flow that is still known. A line of the file is: number tcp|udp address port. What is printed is number;outcome;outcome…, an outcome
being what the server said ("endpoint address"), reject or drop.
"""
import concurrent.futures
import itertools
import socket
import sys

CONNECTIONS = 40
PATIENCE = 1.5
ENOUGH_REFUSALS = 1

ports = itertools.count(int(sys.argv[2]))
source = sys.argv[3] if len(sys.argv) > 3 else ""


def once(protocol, target):
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as client:
        client.settimeout(PATIENCE)
        if source or protocol == "udp":
            client.bind((source, next(ports) if protocol == "udp" else 0))
        try:
            client.connect(target)
            if protocol == "udp":
                client.send(b"?")
            return client.recv(512).decode().strip()
        except ConnectionRefusedError:
            return "reject"
        except TimeoutError:
            return "drop"


def all_of(line):
    number, protocol, address, port = line.split()
    outcomes, refusals = set(), 0
    for _ in range(CONNECTIONS):
        outcome = once(protocol, (address, int(port)))
        outcomes.add(outcome)
        refusals += outcome in ("reject", "drop")
        if refusals == ENOUGH_REFUSALS:
            break
    return ";".join([number] + sorted(outcomes))


with concurrent.futures.ThreadPoolExecutor(12) as several:
    for line in several.map(all_of, open(sys.argv[1]).read().splitlines()):
        print(line)
