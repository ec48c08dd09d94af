"""Prints for each name one line: the name, and its addresses.

Asks as resolvers without a C library do, Go's among them: A and AAAA at the same time, from a socket
each, and on to the next name of the search list unless one of them has brought an address.
"""
import concurrent.futures
import ipaddress
import os
import socket
import struct
import sys


def configuration():
    servers, search, ndots = [], [], 1
    for line in open("/etc/resolv.conf"):
        words = line.split()
        if words[:1] == ["nameserver"]:
            servers.append(words[1])
        elif words[:1] == ["search"]:
            search = words[1:]
        elif words[:1] == ["options"]:
            for option in words[1:]:
                if option.startswith("ndots:"):
                    ndots = int(option[6:])
    return servers, search, ndots


def from_hosts(name):
    found = []
    for line in open("/etc/hosts"):
        words = line.split("#")[0].split()
        if name.rstrip(".").lower() in (word.lower() for word in words[1:]):
            found.append(words[0])
    return found


def candidates(name, search, ndots):
    if name.endswith("."):
        return [name]
    suffixed = [name + "." + domain + "." for domain in search]
    absolute = [name + "."]
    return absolute + suffixed if name.count(".") >= ndots else suffixed + absolute


def skip_name(message, at):
    while message[at]:
        if message[at] >= 0xC0:
            return at + 2
        at += message[at] + 1
    return at + 1


def ask(server, name, kind):
    labels = name.rstrip(".").split(".")
    question = b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"
    query_id = os.urandom(2)
    query = query_id + struct.pack("!5H", 0x0100, 1, 0, 0, 0) + question + struct.pack("!2H", kind, 1)
    with socket.socket(socket.AF_INET6 if ":" in server else socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(5)
        asking.connect((server, 53))
        asking.send(query)
        answer = asking.recv(4096)
    assert answer[:2] == query_id, "an answer to another query"
    count = struct.unpack("!H", answer[6:8])[0]
    at = skip_name(answer, 12) + 4
    found = []
    for _ in range(count):
        at = skip_name(answer, at)
        answered, _, _, length = struct.unpack("!HHIH", answer[at:at + 10])
        at += 10
        if answered == kind:
            found.append(str(ipaddress.ip_address(answer[at:at + length])))
        at += length
    return found


def resolve(name):
    found = from_hosts(name)
    servers, search, ndots = configuration()
    for candidate in [] if found else candidates(name, search, ndots):
        with concurrent.futures.ThreadPoolExecutor(2) as both:
            asked = [both.submit(ask, servers[0], candidate, kind) for kind in (1, 28)]
            found = asked[0].result() + asked[1].result()
        if found:
            break
    return found


for each in sys.argv[1:]:
    print(" ".join([each] + resolve(each)))
