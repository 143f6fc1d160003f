"""A case of 100,000 connections in BUILD/bench, for the section `page` of tools/bench: how long the report page takes to be written
and to be opened.  page.py CASE"""
import os
import shutil
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
os.environ.setdefault("LEASH", os.path.join(ROOT, "build", "leash"))
os.environ.setdefault("LEASH_SOURCE", ROOT)
os.environ.setdefault("LEASH_DATA", os.path.join(ROOT, "data"))
sys.path.insert(0, os.path.join(ROOT, "test", "program"))
from case_kit import many_flows  # noqa: E402
from harness import Folder  # noqa: E402


def main(path):
    with Folder() as folder:
        shutil.copyfile(many_flows(folder, 100000), path)


main(sys.argv[1])
