"""What the scripts in examples/ write, by running them within this process: for small files the start of another
Python, and the picture that all photos share, cost more than what is written."""
import contextlib
import functools
import importlib.util
import io
import os
import sys

from harness import SOURCE


@functools.lru_cache(maxsize=None)
def script(name):
    """A script as a module; once, so that what it keeps for later is kept."""
    spec = importlib.util.spec_from_file_location("example_" + name, os.path.join(SOURCE, "examples", name + ".py"))
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    return module


def write(path, name, *arguments):
    """`examples/NAME.py ARGUMENTS -o PATH`, as from a command line."""
    module = script(name)
    kept, sys.argv = sys.argv, [name, *map(str, arguments), "-o", str(path)]
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            status = module.main()
    except SystemExit as end:
        status = end.code
    finally:
        sys.argv = kept
    assert status in (None, 0), (name, arguments, status)
