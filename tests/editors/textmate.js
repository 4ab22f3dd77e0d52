// The TextMate grammar of the extension for VS Code, run by VS Code's own engine over files whose tree is known.
//
//   textmate.js PACKAGES GRAMMAR <TREES        TREES: what tests/editors/syntax_trees.cpp prints
//
// Of every file that parses: each comment, string, number and keyword is coloured as one, no name is coloured as a keyword,
// and nothing is open at the end.
'use strict';

const fs = require('fs');
const path = require('path');

const [packages, grammarPath] = process.argv.slice(2);
const load = name => require(path.join(packages, 'node_modules', name));
const { Registry, parseRawGrammar, INITIAL } = load('vscode-textmate');
const oniguruma = load('vscode-oniguruma');

// Kinds of leaves and what must be among the scopes of each of their characters.
const LEAVES = {
  comment: /^comment\./,
  doc_comment: /^comment\./,
  string: /^string\./,
  multiline: /^string\./,
  raw_string: /^string\./,
  raw_multiline: /^string\./,
  escape: /^constant\.character\.escape/,
  number: /^constant\.numeric/,
  boolean: /^constant\.language/,
  null_value: /^constant\.language/,
  binary_operator: /^keyword\.operator/,
  prefix_operator: /^keyword\.operator/,
  schema_keyword: /^keyword\./,
  via_name: /^support\.type/,
};
const NAMES = new Set(['name', 'word']);
const TEXT = new Set(['string_text', 'language_tag']);
const KEYWORD = /^(keyword|constant\.language)/;

/** Files as [{path, nodes: [{depth, kind, begin, end}]}], those with errors left out. */
function parsed(text) {
  const files = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('file ')) {
      const [first, ...errors] = line.split('\t');
      files.push({ path: first.slice(5), errors, nodes: [] });
    } else if (line) {
      const [depth, kind, begin, end] = line.split(' ');
      files[files.length - 1].nodes.push({ depth: +depth, kind, begin: +begin, end: +end });
    }
  }
  return files.filter(file => file.errors.length === 0);
}

/** For each byte of the file the scopes of its character; and how many rules are open at the end. */
function scopesOf(grammar, bytes) {
  const scopes = new Array(bytes.length);
  let stack = INITIAL;
  let at = 0;
  for (const line of bytes.toString().split('\n')) {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    const result = grammar.tokenizeLine(text, stack);
    stack = result.ruleStack;
    for (const token of result.tokens) {
      const begin = at + Buffer.byteLength(text.slice(0, token.startIndex));
      const end = at + Buffer.byteLength(text.slice(0, token.endIndex));
      for (let i = begin; i < end; ++i) scopes[i] = token.scopes;
    }
    at += Buffer.byteLength(line) + 1;
  }
  return { scopes, open: stack.depth - 1 };
}

/** The nodes right beneath a node. */
function childrenOf(nodes, index) {
  const children = [];
  for (let i = index + 1; i < nodes.length && nodes[i].depth > nodes[index].depth; ++i) {
    if (nodes[i].depth === nodes[index].depth + 1) children.push(nodes[i]);
  }
  return children;
}

function parentOf(nodes, index) {
  let at = index - 1;
  while (nodes[at].depth >= nodes[index].depth) --at;
  return nodes[at];
}

/** Words and punctuation that have no node: what no leaf holds. */
function wordsBetween(bytes, nodes) {
  const held = new Uint8Array(bytes.length);
  nodes.forEach((node, index) => {
    const leaf = index + 1 === nodes.length || nodes[index + 1].depth <= node.depth;
    // A body or list without anything in it is no leaf that says what it is.
    if (leaf && (node.kind in LEAVES || NAMES.has(node.kind) || TEXT.has(node.kind))) held.fill(1, node.begin, node.end);
  });
  const words = [];
  for (const match of bytes.toString('latin1').matchAll(/[A-Za-z_]\w*/g)) {
    if (!held[match.index]) words.push({ begin: match.index, end: match.index + match[0].length });
  }
  return words;
}

class Check {
  constructor(file, bytes, scopes) {
    Object.assign(this, { file, bytes, scopes, faults: [], counts: {} });
  }

  has(at, pattern) {
    return (this.scopes[at] || []).some(scope => pattern.test(scope));
  }

  /** The innermost scope decides the colour. */
  innermost(at, pattern) {
    const scopes = this.scopes[at] || [];
    return pattern.test(scopes[scopes.length - 1]);
  }

  fault(node, what) {
    const line = this.bytes.subarray(0, node.begin).toString().split('\n').length;
    const text = this.bytes.subarray(node.begin, node.end).toString().slice(0, 40);
    this.faults.push(`${this.file.path}:${line}: ${what}: ${JSON.stringify(text)} is ${this.scopes[node.begin]}`);
  }

  count(kind) {
    this.counts[kind] = (this.counts[kind] || 0) + 1;
  }

  leaf(node, index) {
    const pattern = LEAVES[node.kind];
    const inner = childrenOf(this.file.nodes, index);
    this.count(node.kind);
    for (let at = node.begin; at < node.end; ++at) {
      if (inner.some(each => each.kind === 'interpolation' && at >= each.begin && at < each.end)) continue;
      if (/\s/.test(String.fromCharCode(this.bytes[at]))) continue;
      if (this.scopes[at] && !this.has(at, pattern)) return this.fault(node, `no ${node.kind}`);
    }
  }

  name(node, index) {
    const parent = parentOf(this.file.nodes, index).kind;
    if (parent === 'setting' && node.kind === 'word') {
      // Where an item starts, and of the words that the checker knows: those of goldens may be nobody's settings.
      const before = this.bytes.subarray(0, node.begin).toString('latin1');
      const known = this.file.path.startsWith('examples/') || this.file.path.startsWith('stdlib/');
      if (known && /(^|\n|[^$]\{)[ \t]*$/.test(before) && !this.innermost(node.begin, /^keyword/)) {
        this.fault(node, 'no setting');
      }
      this.count('setting');
      return;
    }
    this.count('name');
    if (parent === 'removed' || parent === 'field_word') return;
    if (this.innermost(node.begin, KEYWORD)) this.fault(node, 'a name');
    if (this.has(node.begin, /^comment/)) this.fault(node, 'a name');
  }

  run() {
    this.file.nodes.forEach((node, index) => {
      if (node.kind in LEAVES) this.leaf(node, index);
      if (NAMES.has(node.kind)) this.name(node, index);
    });
    for (const word of wordsBetween(this.bytes, this.file.nodes)) {
      this.count('keyword');
      if (!this.innermost(word.begin, /^keyword/)) this.fault(word, 'no keyword');
    }
  }
}

async function main() {
  const wasm = fs.readFileSync(path.join(packages, 'node_modules/vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: patterns => new oniguruma.OnigScanner(patterns),
      createOnigString: text => new oniguruma.OnigString(text),
    }),
    // Grammars of other languages come with VS Code, not with this extension.
    loadGrammar: async scope =>
      scope === 'source.carbon' ? parseRawGrammar(fs.readFileSync(grammarPath, 'utf8'), grammarPath) : null,
  });
  const grammar = await registry.loadGrammar('source.carbon');
  const faults = [];
  const counts = {};
  const files = parsed(fs.readFileSync(0, 'utf8'));
  for (const file of files) {
    const bytes = fs.readFileSync(file.path);
    const { scopes, open } = scopesOf(grammar, bytes);
    const check = new Check(file, bytes, scopes);
    check.run();
    if (open !== 0) check.faults.push(`${file.path}: ${open} rules are open at its end`);
    faults.push(...check.faults);
    for (const [kind, count] of Object.entries(check.counts)) counts[kind] = (counts[kind] || 0) + count;
  }
  for (const kind of [...Object.keys(LEAVES), 'name', 'setting', 'keyword']) {
    if (!counts[kind]) faults.push(`no file has a ${kind}`);
  }
  if (faults.length) console.log(faults.slice(0, 60).join('\n'));
  const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
  console.log(`textmate: ${files.length} files, ${total} tokens, ${faults.length} faults`);
  process.exitCode = faults.length ? 1 : 0;
}

main();
