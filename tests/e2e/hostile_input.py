"""Text that is made to exhaust: each case ends within its limits of time and memory, in an error with its code or in
success, and never in a crash.

usage: hostile_input.py CARBON
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time

SECONDS = 120
MEMORY = 3 << 30  # address space; the limits of the language keep far below it
PLATFORM = "platform hostile {}\n"


def doubling(first, rule, count):
    return "let a0 = %s\n" % first + "".join("let a%d = %s\n" % (i, rule.replace("@", "a%d" % (i - 1)))
                                             for i in range(1, count))


def components(body, count):
    text = "component C0 {}\n"
    for i in range(1, count):
        text += "component C%d {\n%s}\n" % (i, body.replace("@", "C%d" % (i - 1)))
    return text + "use top : C%d {}\n" % (count - 1)


def functions(count):
    return "fn f0(n : int) : int = n + 1\n" + "".join(
        "fn f%d(n : int) : int = f%d(n) + f%d(n)\n" % (i, i - 1, i - 1) for i in range(1, count))


RECORDS = doubling("{ x = 1 }", "{ a = @, b = @ }", 60)

# name: (text after the platform, the codes that it must end in, or None for success)
CASES = {
    "nested up to the limit": ("let a = " + "[" * 255 + "]" * 255, None),
    "nested one deeper": ("let a = " + "[" * 256 + "]" * 256, "C0104"),
    "nested a million deep": ("let a = " + "[" * 1_000_000, "C0104"),
    "parentheses": ("let a = " + "(" * 100_000 + "1" + ")" * 100_000, "C0104"),
    "records": ("let a = " + "{ a = " * 100_000 + "1" + " }" * 100_000, "C0104"),
    "interpolations": ("let a = " + '"${' * 1000 + "1" + '}"' * 1000, "C0104"),
    "conditionals": ("let a = " + "if true then 1 else " * 10_000 + "2", "C0104"),
    "minus signs": ("let a = " + "-" * 1_000_000 + "1", "C0104"),
    "nots": ("let a = " + "not " * 1_000_000 + "true", "C0104"),
    "one long sum": ("let a = " + "+".join(["1"] * 300_000), "C0104"),
    "members of members": ("let b = { a = 1 }\nlet a = b" + ".a" * 300_000, "C0104 C0301"),
    "a literal of 100 MB": ('let a = "' + "x" * 100_000_000 + '"\noutput size : int = len(a)', None),
    "a number of 10 MB": ("let a = " + "9" * 10_000_000, "C0210"),
    "a name of 10 MB": ("let " + "a" * 10_000_000 + " = 1", None),
    "a million declarations": ("".join("let a%d = %d\n" % (i, i) for i in range(1_000_000)), None),
    "twice the number": (doubling("1", "@ + @", 100) + "output o : int = a99", "C0210"),
    "twice the text": (doubling('"0123456789abcdef"', '"${@}${@}"', 60) + "output o : string = a59", "C0420"),
    "twice the list": (doubling('["x"]', "@ + @", 60) + "output o : int = count(a59)", "C0420"),
    "a list of two that are one": (doubling('["x"]', "[@, @]", 60) + "output o : bool = a58 == a59", "C0420"),
    "a record of two that are one": (doubling("{ x = 1 }", "{ a = @, b = @ }", 60) + "output o : string = json_encode(a59)",
                                     "C0420"),
    "records of records, asked for an int": (RECORDS + "output o : int = a59", "C0420 C0201"),
    "records of records, asked for json": (RECORDS + "output o : json = a59", "C0420"),
    "records of records in text": (RECORDS + 'output o : string = "${a59}"', "C0420 C0201"),
    "a field that records of records lack": (RECORDS + "output o : int = a59.zzz", "C0420 C0301"),
    "two records of records in a list": (RECORDS + RECORDS.replace("let a", "let c").replace("= a", "= c") +
                                         "output o : int = count([a59, c59])", "C0420"),
    "declared records of records": ("type T0 = { x : int }\n" +
                                    "".join("type T%d = { a : T%d, b : T%d }\n" % (i, i - 1, i - 1) for i in range(1, 60)) +
                                    "input i : T59?\noutput o : json = i", "C0420"),
    "lists, 200,000 deep by name": (doubling('"x"', "[@]", 200_000) + "output o : json = a199999", "C0420"),
    "records, 200,000 deep by name": (doubling('"x"', "{ a = @ }", 200_000) + "output o : json = a199999", "C0420"),
    "lets, 200,000 one after the other": (doubling('"x"', "@", 200_000) + "output o : json = a199999", None),
    "replaced by more": ('let a = replace("%s", "x", "%s")\noutput o : int = len(a)' % ("x" * 100_000, "y" * 100_000), "C0420"),
    "joined by much": ('let a = join([for i in range(100_000) : "x"], "%s")\noutput o : int = len(a)' % ("y" * 100_000),
                       "C0420"),
    "three loops": ("let r = range(0, 100000)\nlet a = [for x in r : [for y in r : [for z in r : x]]]\n"
                    "output o : int = count(a)", "C0420"),
    "a range of everything": ("let a = range(0, 9000000000000000000)\noutput o : int = count(a)", "C0420"),
    "functions of functions": (functions(60) + "output o : int = f59(1)", "C0420"),
    "a function of itself": ("fn f(n : int) : int = if n == 0 then 0 else f(n - 1)\nlet a = f(10)", "C0304"),
    "components of components": (components("  use a : @ {}\n  use b : @ {}\n", 60), "C0420"),
    "a thousand components each": (components("  use a : @ for i in range(0, 1000) by string(i) {}\n", 10), "C0420"),
    "a component of itself": ("component C { use a : C {} }\nuse top : C {}", "C0304"),
    "a pattern that backtracks": ('let a = matches("%s", "(a*)*b")\noutput o : bool = a' % ("a" * 100_000), None),
}

# They use up the steps that evaluation may take, which a sanitizer makes ten times as long.
SLOW = ("a million declarations", "three loops", "components of components", "a thousand components each")


def is_sanitized(binary):
    with open(binary, "rb") as program:
        return b"__asan_init" in program.read()


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def check(binary, folder, sanitized):
    # An address sanitizer needs more address space than there is.
    process = subprocess.run([binary, "check", "-C", folder, "--world", "sandbox"], capture_output=True, timeout=SECONDS,
                             preexec_fn=None if sanitized else limited, check=False)
    return process.returncode, process.stdout + process.stderr


def wrong(binary, folder, text, code, sanitized):
    with open(os.path.join(folder, "p.carbon"), "w") as file:
        file.write(PLATFORM + text + "\n")
    try:
        status, output = check(binary, folder, sanitized)
    except subprocess.TimeoutExpired:
        return "no end after %d s" % SECONDS
    if len(output) > 200_000:
        return "%d bytes of output" % len(output)
    codes = re.findall(r"error\[(C\d{4})\]", output.decode())
    if code is None:
        return None if status == 0 else "exit %d, %s" % (status, codes)
    return None if status == 1 and codes and set(codes) == set(code.split()) else "exit %d, %s" % (status, codes)


def main(binary):
    bad = 0
    binary = os.path.abspath(binary)
    sanitized = is_sanitized(binary)
    with tempfile.TemporaryDirectory() as folder:
        for name, (text, code) in CASES.items():
            if sanitized and name in SLOW:
                print("left out with a sanitizer  %s" % name)
                continue
            began = time.monotonic()
            why = wrong(binary, folder, text, code, sanitized)
            bad += why is not None
            print("%s  %4.1f s  %s%s" % ("FAIL" if why else "ok  ", time.monotonic() - began, name, ": " + why if why else ""))
    print("%d cases, %d wrong" % (len(CASES), bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
