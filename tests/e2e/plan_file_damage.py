#!/usr/bin/env python3
"""A plan file that is cut or damaged in a single bit is refused (C0901), never applied, and nothing crashes.

    plan_file_damage.py CARBON [SEED]        cut at every 97th byte, and one bit flipped at 500 places
"""

import os
import random
import sys
import tempfile

import carbon_folder

PLATFORM = """import "std/k8s"

platform damaged {}
provider cluster : k8s.Cluster { namespace = "default" }
resource a : k8s.ConfigMap for n in range(40) by n { data = { text = "${n}" } }
resource key : k8s.Secret { stringData = { token = secret.env("TOKEN") } }
"""


def damaged(whole, seed):
    """(what was done, bytes), each different from the whole."""
    for length in range(0, len(whole), 97):
        yield "cut to %d bytes" % length, whole[:length]
    yield "cut by its last byte", whole[:-1]
    yield "with a byte behind it", whole + b"\n"
    places = random.Random(seed)
    for _ in range(500):
        at, bit = places.randrange(len(whole)), places.randrange(8)
        yield "bit %d of byte %d flipped" % (bit, at), whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1:]


def main():
    binary = os.path.realpath(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 97
    with tempfile.TemporaryDirectory(prefix="carbon-plan-") as folder:
        env = {**carbon_folder.environment(folder, binary), "TOKEN": "not printed"}
        with open(os.path.join(folder, "input.carbon"), "w") as text:
            text.write(PLATFORM)
        code, out, error = carbon_folder.run(["carbon", "plan", "--world", "sandbox", "-o", "whole.cplan"], folder, env)
        assert code == 0, out + error
        with open(os.path.join(folder, "whole.cplan"), "rb") as plan:
            whole = plan.read()
        path = os.path.join(folder, "damaged.cplan")
        open(path, "wb").close()
        before = carbon_folder.snapshot(folder)
        tried = failed = 0
        for what, data in damaged(whole, seed):
            with open(path, "wb") as plan:
                plan.write(data)
            code, out, error = carbon_folder.run(["carbon", "apply", "damaged.cplan"], folder, env)
            tried += 1
            if code != 4 or not error.startswith(b"error[C0901]: damaged.cplan: ") or b"= help: " not in error or out:
                failed += 1
                print("FAILED seed %d, %s: exit %d\n%s" % (seed, what, code, (out + error).decode(errors="replace")))
        open(path, "wb").close()
        if carbon_folder.snapshot(folder) != before:
            failed += 1
            print("FAILED something was changed")
        # The whole one is still good: it was the damage that was refused.
        code, out, error = carbon_folder.run(["carbon", "apply", "whole.cplan"], folder, env)
        if code != 0 or len(carbon_folder.addresses(folder)) != 41:
            failed += 1
            print("FAILED the undamaged plan does not apply:\n%s" % (out + error).decode(errors="replace"))
    print("%d damaged files of %d bytes, %d failed" % (tried, len(whole), failed))
    return 1 if failed or tried < 500 else 0


if __name__ == "__main__":
    sys.exit(main())
