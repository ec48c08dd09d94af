"""The two nodes of flows.txt as network namespaces of the Linux kernel, with rules that were exported.

Started in new network, mount and process namespaces, so that nothing is left of it:
  kernel_node.py iptables|nftables FOLDER
FOLDER has, beside flow_client.py and flow_server.py, the files
  hosts       a line for each Pod, node and machine: NAME NODE IPV4 IPV6
  NODE-ipv4, NODE-ipv6   the rules of each node
  flows       a line for each: SOURCE NUMBER PROTOCOL ADDRESS PORT CONNECTIONS
For each flow it prints NUMBER and, for every kind of outcome, "endpoint source" or another word.
"""
import ipaddress
import subprocess
import sys

PORTS = "8080,8081"
kind, folder = sys.argv[1:]


def run(*words, **options):
    subprocess.run(words, check=True, **options)


def inside(name, *words):
    return ("ip", "netns", "exec", name) + words


def ip(name, *lines):
    """Several commands of ip(8) in one namespace."""
    run(*inside(name, "ip", "-batch", "-"), input="\n".join(lines), text=True)


def read(name):
    with open(f"{folder}/{name}") as lines:
        return [line.split() for line in lines]


def gateway(address):
    """The first address of a Pod's network."""
    bits = 24 if address.version == 4 else 64
    return ipaddress.ip_network(f"{address}/{bits}", strict=False)[1]


def settle(name):
    """Forwards, has its addresses at once, and refuses as fast as it is asked."""
    for path, value in (("ipv4/ip_forward", 1), ("ipv4/icmp_ratelimit", 0), ("ipv6/icmp/ratelimit", 0),
                        ("ipv6/conf/all/forwarding", 1), ("ipv6/conf/all/accept_dad", 0),
                        ("ipv6/conf/default/accept_dad", 0)):
        run(*inside(name, "sh", "-c", f"echo {value} > /proc/sys/net/{path}"))
    ip(name, "link set lo up")


def machine(name, number, addresses):
    """A namespace on the network of the nodes."""
    run("ip", "netns", "add", name)
    settle(name)
    ip_lines = [f"link add m{number} type veth peer name eth0 netns {name}",
                f"link set m{number} master net up"]
    run("ip", "-batch", "-", input="\n".join(ip_lines), text=True)
    ip(name, *(f"address add {each}/{24 if each.version == 4 else 64} dev eth0 {nodad(each)}"
               for each in addresses), "link set eth0 up")


def nodad(address):
    return "nodad" if address.version == 6 else ""


def pod(name, number, node, addresses):
    """A namespace behind a node, which routes to it."""
    run("ip", "netns", "add", name)
    settle(name)
    lines = [f"link add v{number} type veth peer name eth0 netns {name}", f"link set v{number} up"]
    own = ["link set eth0 up"]
    for each in addresses:
        bits = each.max_prefixlen
        lines += [f"address add {gateway(each)}/{bits} dev v{number} {nodad(each)}",
                  f"route add {each}/{bits} dev v{number}"]
        own += [f"address add {each}/{bits} dev eth0 {nodad(each)}",
                f"route add {gateway(each)}/{bits} dev eth0",
                f"route add default via {gateway(each)}"]
    ip(node, *lines)
    ip(name, *own)


def rules(node, pods):
    """What was exported, and that Pods leave the cluster with the node's address."""
    for version in (4, 6):
        file = f"{folder}/{node}-ipv{version}"
        network = pods[version]
        if kind == "iptables":
            prefix = "iptables" if version == 4 else "ip6tables"
            run(*inside(node, f"{prefix}-restore", file))
            run(*inside(node, prefix, "-t", "nat", "-A", "POSTROUTING", "-s", network, "!", "-d",
                        network, "-o", "eth0", "-j", "MASQUERADE"))
        else:
            family = "ip" if version == 4 else "ip6"
            run(*inside(node, "nft", "-f", file))
            run(*inside(node, "nft", "-f", "-"), text=True, input=f"""
                table {family} pods {{ chain postrouting {{
                  type nat hook postrouting priority 110;
                  {family} saddr {network} {family} daddr != {network} oifname eth0 masquerade
                }}
                }}
                """)


def set_up(hosts):
    run("mount", "-t", "tmpfs", "none", "/run")
    run("ip", "-batch", "-", input="link add net type bridge\nlink set net up\n", text=True)
    by_name = {name: (node, [ipaddress.ip_address(each) for each in addresses])
               for name, node, *addresses in hosts}
    outside = [each for name in ("outside", "stranger") for each in by_name[name][1]]
    # What no rule takes leaves the node, and nobody answers.
    nobody = [ipaddress.ip_address("172.30.0.1"), ipaddress.ip_address("fd00:172:30::1")]
    machine("outside", 0, outside + nobody)
    for path in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        run(*inside("outside", "sh", "-c", f"echo 0 > /proc/sys/net/{path}"))
    first = by_name["node-1"][1]
    for network in ("10.96.0.0/16", "198.51.100.0/24", "203.0.113.0/24",
                    "fd00:10:96::/112", "fd00:198::/112", "fd00:203::/112"):
        via = first[0] if ":" not in network else first[1]
        ip("outside", f"route add {network} via {via}")
    nodes = ("node-1", "node-2")
    for number, node in enumerate(nodes, 1):
        machine(node, number, by_name[node][1])
    for node, peer in zip(nodes, reversed(nodes)):
        ip(node, f"route add 10.244.{peer[-1]}.0/24 via {by_name[peer][1][0]}",
           f"route add fd00:10:244:{peer[-1]}::/64 via {by_name[peer][1][1]}",
           *(f"route add default via {each}" for each in nobody))
        rules(node, {4: "10.244.0.0/16", 6: "fd00:10:244::/48"})
    for number, (name, (node, addresses)) in enumerate(by_name.items()):
        if node in nodes and name != node:
            pod(name, number, node, addresses)


def main():
    hosts = read("hosts")
    set_up(hosts)
    servers = []
    for name, node, *_ in hosts:
        if node and name not in ("node-1", "node-2", "outside", "stranger"):
            words = inside(name, sys.executable, f"{folder}/flow_server.py", name, PORTS)
            servers.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True))
    for server in servers:
        assert server.stdout.readline() == "ready\n", "a server did not start"
    by_source = {}
    for source, *flow in read("flows"):
        by_source.setdefault(source, []).append(" ".join(flow))
    addresses = {name: ",".join(each) for name, _, *each in hosts}
    clients = []
    for source, lines in by_source.items():
        with open(f"{folder}/flows-of-{source}", "w") as file:
            file.write("\n".join(lines))
        words = [sys.executable, f"{folder}/flow_client.py", f"{folder}/flows-of-{source}", "12000"]
        namespace = "outside" if source == "stranger" else source
        if namespace == "outside":
            words.append(addresses[source])
        clients.append(subprocess.Popen(inside(namespace, *words), stdout=subprocess.PIPE, text=True))
    for client in clients:
        sys.stdout.write(client.stdout.read())
        assert client.wait() == 0, "a client failed"


main()
