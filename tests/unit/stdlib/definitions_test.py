"""The packed definitions are whole: every part is what its name says, and is used.

usage: definitions_test.py STDLIB/definitions
"""
import hashlib
import json
import pathlib
import sys
import unittest

FOLDER = pathlib.Path(sys.argv.pop())


def lines(block):
    return dict(line.split(" ", 1) for line in block.strip("\n").split("\n"))


class Packed(unittest.TestCase):
    def whole(self, value):
        """The value with its parts in it; each part's digest is checked on the way."""
        if isinstance(value, list):
            return [self.whole(each) for each in value]
        if not isinstance(value, dict):
            return value
        if set(value) != {"$"}:
            self.assertNotIn("$", value)
            return {key: self.whole(each) for key, each in value.items()}
        name = value["$"]
        if name not in self.done:
            part = self.whole(json.loads(self.parts[name]))
            text = json.dumps(part, separators=(",", ":"), ensure_ascii=False)
            self.assertEqual(hashlib.sha256(text.encode()).hexdigest()[:8], name)
            self.done[name] = part
        return self.done[name]

    def test_every_file(self):
        files = sorted(FOLDER.glob("*.txt"))
        self.assertEqual(len(files), 5)
        for file in files:
            with self.subTest(file.name):
                text = file.read_text(encoding="utf-8")
                head, kinds, parts = text.split("\n\n")
                self.assertIn("Licensed under Apache-2.0", head)
                self.assertIn(f"| `{file.name}` |", (FOLDER / "README.md").read_text(encoding="utf-8"))
                kinds, self.parts, self.done = lines(kinds), lines(parts), {}
                self.assertEqual([list(kinds), list(self.parts)], [sorted(kinds), sorted(self.parts)])
                for kind, packed in kinds.items():
                    document = self.whole(json.loads(packed))
                    self.assertEqual(document["apiVersion"], "apiextensions.k8s.io/v1")
                    self.assertEqual(document["spec"]["names"]["kind"], kind)
                    name = document["spec"]["names"]["plural"] + "." + document["spec"]["group"]
                    self.assertEqual(document["metadata"]["name"], name)
                self.assertEqual(set(self.done), set(self.parts))


if __name__ == "__main__":
    unittest.main()
