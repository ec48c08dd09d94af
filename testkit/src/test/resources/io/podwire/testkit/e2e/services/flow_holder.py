"""Holds connections open and talks on each of them all the time, until a file is there.

  flow_holder.py FILE-OF-THE-BEGINNING FILE-OF-THE-END ADDRESS:PORT...

Makes the first file when all are open. Prints what each has counted: lines that came back, and what ended it too early.
"""
import os
import socket
import sys
import threading
import time

begun, end, *targets = sys.argv[1:]
results = []
opened = threading.Barrier(len(targets), lambda: open(begun, "w").close(), timeout=20)


def hold(target):
    address, port = target.rsplit(":", 1)
    counted, trouble = 0, "none"
    try:
        with socket.create_connection((address, int(port)), timeout=10) as connection:
            lines = connection.makefile("rw")
            lines.readline()
            opened.wait()
            while not os.path.exists(end):
                lines.write(f"{counted}\n")
                lines.flush()
                back = lines.readline()
                if back != f"{counted}\n":
                    raise OSError(f"{back!r} in place of {counted}")
                counted += 1
                time.sleep(0.02)
    except (OSError, threading.BrokenBarrierError) as problem:
        trouble = repr(problem)
    results.append(f"{target} {counted} {trouble}")


threads = [threading.Thread(target=hold, args=(target,)) for target in targets]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("\n".join(sorted(results)))
