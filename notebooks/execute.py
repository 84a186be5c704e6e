"""What notebooks/run needs to know of notebooks.

    execute.py commands NOTEBOOK…      print the commands that their first cells show
    execute.py run DIR NOTEBOOK…       execute them, each from scratch, into DIR
    execute.py check WORD NOTEBOOK…    fail if one holds an absolute path, or WORD
"""

import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ABSOLUTE = re.compile(r"(?<![\w.:/<~])/(?:home|root|tmp|Users|usr|var|opt|mnt|work|private)/|\b[A-Za-z]:\\")


def read(path):
    return nbformat.read(path, as_version=4)


def commands(paths):
    """Print every line of the sh blocks in first cells once, but for the build."""
    seen = {"go build -o sim ./cmd/sim"}
    for path in paths:
        blocks = re.findall(r"^```sh\n(.*?)^```$", read(path).cells[0].source, re.M | re.S)
        if not blocks:
            sys.exit(f"{path}: the first cell shows no commands; put them into a block that begins with ```sh")
        for line in "".join(blocks).splitlines():
            if line not in seen:
                seen.add(line)
                print(line)


def execute(directory, paths):
    """Execute notebooks where they stand; an error in a cell ends the program."""
    for path in map(Path, paths):
        begin = time.monotonic()
        notebook = read(path)
        client = NotebookClient(
            notebook,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
            timeout=120,
            record_timing=False,
            resources={"metadata": {"path": path.parent}},
        )
        client.execute()
        # versions of the interpreter are not part of what is shown
        notebook.metadata["language_info"] = {"name": "python"}
        nbformat.write(notebook, Path(directory) / path.name)
        print(f"{path.name}: {time.monotonic() - begin:.1f} s", flush=True)


def texts(notebook):
    """The texts of a notebook: sources, and outputs that are not pictures."""
    for cell in notebook.cells:
        yield cell.source
        for output in cell.get("outputs", []):
            yield output.get("text", "")
            yield "\n".join(output.get("traceback", []))
            for kind, data in output.get("data", {}).items():
                if not kind.startswith("image/"):
                    yield str(data)


def check(word, paths):
    """Fail if a notebook says where, or on which machine, it was written."""
    name = re.compile(rf"\b{re.escape(word)}\b") if word else None
    for path in paths:
        for text in texts(read(path)):
            for line in text.splitlines():
                if ABSOLUTE.search(line) or (name and name.search(line)):
                    sys.exit(f"{path}: a path or the name of a machine: {line.strip()}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["commands", *paths] if paths:
            commands(paths)
        case ["run", directory, *paths] if paths:
            execute(directory, paths)
        case ["check", word, *paths] if paths:
            check(word, paths)
        case _:
            sys.exit(__doc__)
