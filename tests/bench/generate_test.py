#!/usr/bin/env python3
"""The generators of the benchmarks: the same bytes each time, the graph that was asked for, and carbon that parses.

usage: generate_test.py PARSE_FILES     the executable of parse_files.cpp
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from cases import slope  # noqa: E402
from carbon_text import carbon_files  # noqa: E402
from generate import WRITERS, generate  # noqa: E402
from report import Row  # noqa: E402
from shapes import SHAPES, Graph  # noqa: E402
from terraform_state import write_state  # noqa: E402
from terraform_text import terraform_files  # noqa: E402

PARSE_FILES = sys.argv.pop() if len(sys.argv) > 1 else None
SIZE = 2500


def folder_bytes(folder):
    files = (path for path in pathlib.Path(folder).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


class Generators(unittest.TestCase):
    def test_two_processes_write_the_same_bytes(self):
        script = pathlib.Path(__file__).resolve().parents[2] / "bench/generate.py"
        for language in WRITERS:
            for shape in SHAPES:
                with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
                    for folder, seed in ((one, "1"), (other, "2")):
                        command = [sys.executable, script, language, shape, "300", folder]
                        subprocess.run(command, check=True, env={"PYTHONHASHSEED": seed}, capture_output=True)
                    self.assertEqual(folder_bytes(one), folder_bytes(other), f"{language} {shape}")
                    self.assertTrue(folder_bytes(one))

    def test_carbon_parses(self):
        with tempfile.TemporaryDirectory() as folder:
            for shape in SHAPES:
                generate("carbon", shape, SIZE, pathlib.Path(folder) / shape)
            done = subprocess.run([PARSE_FILES, folder], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout[-2000:])

    def test_files_hold_a_thousand_resources_at_most(self):
        files = carbon_files(SHAPES["layered"](SIZE))
        counts = [text.count("\nresource ") + text.startswith("resource ") for text in files.values()]
        self.assertEqual((max(counts), sum(counts)), (1000, SIZE))

    def test_both_languages_say_the_same_graph(self):
        for name, shape in SHAPES.items():
            graph = shape(SIZE)
            if not isinstance(graph, Graph):
                continue
            ours = "".join(carbon_files(graph).values())
            theirs = "".join(terraform_files(graph).values())
            edges = [(i, parent) for i, parents in enumerate(graph.parents) for parent in parents]
            for text, start, reference in (
                (ours, r"^resource r(\d+)", r"= r(\d+)\.metadata\.name"),
                (theirs, r'^resource "terraform_data" "r(\d+)"', r"= terraform_data\.r(\d+)\.output\.name"),
            ):
                parts = re.split(start, text, flags=re.MULTILINE)[1:]
                bodies = zip(parts[::2], parts[1::2])
                found = [(int(i), int(to)) for i, body in bodies for to in re.findall(reference, body)]
                self.assertEqual(len(parts) // 2, SIZE, name)
                self.assertEqual(found, edges, name)

    def test_references_are_different_and_go_back_one_layer(self):
        for name, layers, references in (("layered", 10, 2), ("deep_layered", 50, 4)):
            width = SIZE // layers
            for i, parents in enumerate(SHAPES[name](SIZE).parents):
                self.assertEqual(len(set(parents)), references if i >= width else 0)
                self.assertTrue(all(parent // width == i // width - 1 for parent in parents))

    def test_a_written_state_names_all_ancestors(self):
        with tempfile.NamedTemporaryFile() as file:
            write_state(SHAPES["chain"](4), file.name, "1.11.4")
            text = pathlib.Path(file.name).read_text(encoding="utf-8")
        self.assertEqual(text.count('"terraform_data.r0"'), 3)


class Judgement(unittest.TestCase):
    def test_slope_of_a_square_is_two(self):
        self.assertAlmostEqual(slope([(10, 300), (100, 30_000), (1000, 3_000_000)]), 2)

    def test_verdicts(self):
        wanted = {19: "LOST", 20: "floor", 100: "goal", 300: "moonshot"}
        self.assertEqual({x: Row("P1", "", "", "", None, x).verdict for x in wanted}, wanted)
        self.assertEqual(Row("P2", "", "", "", None, 61).verdict, "LOST")
        self.assertEqual(Row("P2", "", "", "", None, 60).verdict, "floor")
        self.assertEqual(Row("P1", "", "", "", None, None).verdict, "not measured")
        self.assertEqual(Row("P1", "", "", "", 50, 50, same=False).verdict, "not the same")


if __name__ == "__main__":
    unittest.main()
