"""Counts the test reports of one build and prints "N passed, N failed, N skipped" as the last line.

The argument is Maven's exit code. Exits with 1 where Maven failed, where a test was skipped (on a
machine that this folder's run script prepared, nothing has a reason to be), or where a test that
has to run is in no report.
"""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree

REQUIRED = ["io.podwire.testkit.docker.ComposeDemoIT"]


def main(maven_status):
    passed, failed, skipped, classes, problems = 0, 0, 0, set(), []
    for report in sorted(pathlib.Path().glob("*/target/*-reports/TEST-*.xml")):
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            name = f"{case.get('classname')}.{case.get('name')}"
            classes.add(case.get("classname"))
            skip = case.find("skipped")
            if skip is not None:
                skipped += 1
                problems.append(f"skipped: {name}: {skip.get('message') or 'no reason given'}")
            elif case.find("failure") is not None or case.find("error") is not None:
                failed += 1
                problems.append(f"failed: {name}")
            else:
                passed += 1
    problems += [f"not run: {name}" for name in REQUIRED if name not in classes]
    if maven_status != 0:
        problems.append(f"mvn -B verify ended with {maven_status}")
    if passed == 0:
        problems.append("no test has passed")
    for problem in problems:
        print(problem)
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if problems else 0


sys.exit(main(int(sys.argv[1])))
