"""Checks a notebook that was executed now, and the one that is committed.

    python check_notebook.py COMMITTED EXECUTED
"""

import re
import sys

import nbformat

committed, executed = (nbformat.read(path, as_version=4) for path in sys.argv[1:3])


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def fail(text):
    sys.exit(f"FAILED: {text}")


if [c.source for c in committed.cells] != [c.source for c in executed.cells]:
    fail("the executed notebook has other cells")
kinds = {}
for name, notebook in [("committed", committed), ("executed", executed)]:
    for number, cell in enumerate(code(notebook), 1):
        if cell.execution_count != number:
            fail(f"{name}: cell {number} was not executed in order")
        for output in cell.outputs:
            if output.output_type == "error":
                fail(f"{name}: cell {number}: {output.ename}: {output.evalue}")
            if output.get("name") == "stderr":
                fail(f"{name}: cell {number} warns: {output.text}")
    kinds[name] = [[o.output_type for o in c.outputs] for c in code(notebook)]
if kinds["committed"] != kinds["executed"]:
    fail(f"outputs are of other kinds: {kinds}")

text = nbformat.writes(committed)
# Inside images and replicates a slash means nothing.
plain = re.sub(r'"image/png": "[^"]*"', "", text)
found = re.search(r"(?<![\w.:/])/(?:home|root|tmp|work|Users|usr|opt|var)/\S*", plain)
if found:
    fail(f"the committed notebook names '{found.group()}'")
outputs = "".join(o.get("text", "") for c in code(committed) for o in c.outputs)
if "SYNTHETIC data" not in outputs:
    fail("the committed outputs do not say that the data are SYNTHETIC")
if not any("image/png" in o.get("data", {}) for c in code(executed) for o in c.outputs):
    fail("there is no plot")
print(f"{len(code(executed))} cells executed without error, outputs of the same kinds as those committed")
