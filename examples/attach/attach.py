#!/usr/bin/env python3
"""Makes the network namespace that it runs in a Pod, with Python's own library alone.

    ip netns add blue
    ip netns exec blue python3 attach.py SOCKET NAME

It says the Pod's address and holds the Pod until it ends. docs/attach.md explains each step.
"""
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys

TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000


def main(path, name):
    # 1. The interface: what the namespace's kernel sends through eth0 is read from this descriptor.
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"eth0", flags))

    # 2. One line of JSON to the agent, and with it the descriptor.
    agent = socket.socket(socket.AF_UNIX)
    agent.connect(path)
    request = {
        "op": "attach",
        "name": name,
        "labels": {"app": name},
        "ports": [{"name": "http", "containerPort": 8000}],
    }
    socket.send_fds(agent, [json.dumps(request).encode() + b"\n"], [tap])
    answers = agent.makefile()
    answer = json.loads(answers.readline())
    if "attached" not in answer:
        sys.exit(answer["refused"]["message"])
    pod = answer["attached"]

    # 3. The interface as the answer says.
    for command in [
        "link set lo up",
        f"link set eth0 address {pod['mac']} mtu {pod['mtu']} up",
        f"address add {pod['address']} dev eth0",
        *(f"route add {route['destination']} via {route['via']}" for route in pod["routes"]),
    ]:
        subprocess.run(["ip", *command.split()], check=True)
    print(pod["address"], flush=True)

    # 4. The Pod lasts as long as this connection. The next line, if one comes, says why it has ended.
    print(answers.readline().strip() or "the agent is gone")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
