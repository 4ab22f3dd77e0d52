#!/usr/bin/env python3
"""Turns stdlib/k8s/openapi/kubernetes.txt into the C++ source that the program embeds. Same input, same bytes.

usage: tools/k8s_embed.py TEXT OUT | --check TEXT MADE

--check fails when MADE is not what TEXT gives. Called by stdlib/k8s/meson.build.
"""
import pathlib
import re
import sys

HEAD = """// Made by tools/k8s_embed.py from stdlib/k8s/openapi/kubernetes.txt; do not edit.
#include "stdlib/k8s/schema_data.h"

namespace carbon {

namespace {

"""


def split_list(text, separator=","):
    return [] if text == "-" else text.split(separator)


def schema_name(group, version, kind):
    return f"{group.split('.')[0] or 'core'}.{version}.{kind}"


def api(text):
    return text.split("/") if "/" in text else ["", text]


def preference(row):
    """Of several versions of one kind the core group wins, then the higher version."""
    group, version = api(row[1])
    return (group != "", -int(re.match(r"v(\d+)", version)[1]), group)


def pool(rows):
    """One array of words that all kinds point into; equal lists are kept once."""
    words, places = [], {}
    for items in rows:
        if tuple(items) not in places:
            places[tuple(items)] = len(words)
            words += items
    return words, places


def kind_table(rows):
    chosen = {}
    for row in sorted(rows, key=preference, reverse=True):
        if {"create", "get"} <= set(row[7].split(",")):
            chosen[row[2]] = row
    subs = [[*sub.split(":")] for row in rows for sub in split_list(row[8], ";")]
    lists = [split_list(row[i]) for row in rows for i in (5, 6, 7)] + [split_list(sub[3]) for sub in subs]
    words, places = pool(lists)
    span = lambda items: f"words({places[tuple(items)]}, {len(items)})"
    yield "constexpr std::string_view all_words[] = {" + ", ".join(f'"{word}"' for word in words) + "};"
    yield "constexpr std::span<const std::string_view> words(std::size_t first, std::size_t count) {"
    yield "  return std::span(all_words).subspan(first, count);\n}"
    yield "constexpr KubernetesSubresource all_subresources[] = {"
    for name, group_version, kind, verbs in subs:
        group, version = api(group_version)
        yield f'    {{"{name}", "{group}", "{version}", "{kind}", {span(split_list(verbs))}}},'
    yield "};\nconstexpr KubernetesKind all_kinds[] = {"
    for row in sorted(rows, key=lambda row: (row[2], preference(row))):
        group, version = api(row[1])
        count = len(split_list(row[8], ";"))
        first = sum(len(split_list(r[8], ";")) for r in rows[:rows.index(row)])
        yield (f'    {{"{group}", "{version}", "{row[2]}", "{row[3]}", "{row[2].lower()}", '
               f'"{schema_name(group, version, row[2])}", {str(row[4] == "namespaced").lower()}, '
               f"{str(chosen.get(row[2]) is row).lower()}, {span(split_list(row[5]))}, {span(split_list(row[6]))}, "
               f"{span(split_list(row[7]))}, std::span(all_subresources).subspan({first}, {count})}},")
    yield "};\n"


def made(text):
    blocks = [block for block in text.split("\n\n") if not block.startswith("#")]
    rows = [line.split(" ") for line in blocks[0].splitlines()]
    schemas = sorted(block.rstrip("\n") for block in blocks[1:])
    schemas.sort(key=lambda block: re.match(r"[^ \n]+", block)[0].encode())
    if ')carbon"' in text or any(block.startswith("kind ") for block in schemas):
        sys.exit("the text cannot be embedded as it stands")
    blob, offsets = b"", []
    for block in schemas:
        offsets.append(len(blob))
        blob += block.encode() + b"\n\n"
    out = [HEAD + "\n".join(kind_table(rows)), "constexpr std::uint32_t index[] = {"]
    out += [", ".join(map(str, offsets[i:i + 16])) + "," for i in range(0, len(offsets), 16)]
    out += ["};", f'constexpr char blob[] = R"carbon({blob.decode()})carbon";', "", "}  // namespace", ""]
    out += ["SchemaBlob schema_blob() { return {std::string_view(blob, sizeof blob - 1), index}; }"]
    out += ["std::span<const KubernetesKind> kubernetes_kinds() { return all_kinds; }", "", "}  // namespace carbon", ""]
    return "\n".join(out)


def main():
    check = sys.argv[1] == "--check"
    source, target = map(pathlib.Path, sys.argv[2:] if check else sys.argv[1:])
    text = made(source.read_text(encoding="utf-8"))
    if check:
        same = target.read_text(encoding="utf-8") == text
        print(target, "is in step" if same else f"does not match {source}")
        return 0 if same else 1
    target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
