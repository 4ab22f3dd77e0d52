// The packed extension for VS Code, and the language server through what it would be told by it.
//
//   extension.js PACKAGES EXTENSION CARBON       EXTENSION: the unpacked package's folder
'use strict';

const assert = require('assert');
const { spawn } = require('child_process');
const fs = require('fs');
const Module = require('module');
const os = require('os');
const path = require('path');
const { pathToFileURL } = require('url');

const [packages, extension, carbon] = process.argv.slice(2).map(each => path.resolve(each));
const rpc = require(path.join(packages, 'node_modules/vscode-jsonrpc/node'));
const lsp = require(path.join(packages, 'node_modules/vscode-languageserver-protocol/node'));

/** Stands for any class, function and object of VS Code: enough to load what extends and uses them. */
function anything() {
  const target = class {};
  return new Proxy(target, {
    get: (_, key) => (key === 'prototype' ? target.prototype : key === Symbol.toPrimitive ? () => '1.82.0' : anything()),
    apply: () => anything(),
  });
}

/** All that the extension needs at run time is in the package. */
function loads() {
  const original = Module._load;
  Module._load = function (request, ...rest) {
    return request === 'vscode' ? anything() : original.call(this, request, ...rest);
  };
  try {
    const loaded = require(path.join(extension, 'extension.js'));
    assert.strictEqual(typeof loaded.activate, 'function');
    assert.strictEqual(typeof loaded.deactivate, 'function');
  } finally {
    Module._load = original;
  }
}

/** Every file that package.json speaks of is there and can be read. */
function contributes() {
  const manifest = JSON.parse(fs.readFileSync(path.join(extension, 'package.json'), 'utf8'));
  const { languages, grammars, snippets, configuration } = manifest.contributes;
  for (const file of [...grammars, ...snippets].map(each => each.path).concat(languages[0].configuration)) {
    JSON.parse(fs.readFileSync(path.join(extension, file), 'utf8'));
  }
  const source = fs.readFileSync(path.join(extension, 'extension.js'), 'utf8');
  for (const key of Object.keys(configuration.properties)) {
    const name = key.replace(/^carbon\./, '');
    assert(name === 'trace.server' || source.includes(`'${name}'`), `the setting ${key} is read`);
  }
  for (const { command } of manifest.contributes.commands) assert(source.includes(`'${command}'`), command);
  const readme = fs.readFileSync(path.join(extension, 'readme.md'), 'utf8');
  const written = JSON.parse(fs.readFileSync(path.join(extension, snippets[0].path), 'utf8'));
  for (const { prefix } of Object.values(written)) assert(readme.includes(`\`${prefix}\``), `README.md names ${prefix}`);
  const words = JSON.parse(fs.readFileSync(path.join(extension, languages[0].configuration), 'utf8'));
  const rules = [words.wordPattern, ...Object.values(words.indentationRules)];
  for (const rule of words.onEnterRules) rules.push(rule.beforeText, rule.afterText || '');
  for (const rule of rules) new RegExp(rule);
  assert(new RegExp(words.indentationRules.increaseIndentPattern).test('resource web : k8s.Deployment {'));
  assert(!new RegExp(words.indentationRules.increaseIndentPattern).test('resource web : k8s.Deployment {}'));
}

const TEXT = `import "std/k8s"

platform demo { title = "dëmo 𝄞" }
provider cluster : k8s.Cluster { namespace = "ns" }
## How many are needed.
input count : int = 1
let twice = count * 2
resource config : k8s.ConfigMap { data = { "𝄞 ü" = "\${twic}" } }
resource   other : k8s.ConfigMap { data = { of = config.metadata.name } }
environment dev { count = 2 }
environment prod { count = 3 }
`;

/** What VS Code says it can do, as far as the server asks. */
const CAPABILITIES = {
  general: { positionEncodings: ['utf-16'] },
  workspace: { workspaceEdit: { documentChanges: true }, didChangeWatchedFiles: { dynamicRegistration: true } },
  textDocument: {
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown', 'plaintext'] } },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } } },
    rename: { prepareSupport: true },
  },
};

class Session {
  constructor(settings, folder) {
    const options = require(path.join(extension, 'options.js'));
    const { command, args } = options.serverOptions(settings);
    this.client = options.clientOptions(settings);
    this.folder = folder;
    this.uri = pathToFileURL(path.join(folder, 'main.carbon')).href;
    this.process = spawn(command, args, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = new Promise(resolve => this.process.on('exit', resolve));
    this.connection = rpc.createMessageConnection(
      new rpc.StreamMessageReader(this.process.stdout), new rpc.StreamMessageWriter(this.process.stdin));
    this.waiting = [];
    this.connection.onNotification(lsp.PublishDiagnosticsNotification.type, params => {
      this.waiting.splice(0).forEach(each => each(params));
    });
    this.connection.listen();
  }

  diagnostics() {
    return new Promise(resolve => this.waiting.push(resolve));
  }

  /** The place behind the first such text. */
  behind(text, part) {
    const at = this.text.indexOf(text) + (part === undefined ? text.length : part);
    const before = this.text.slice(0, at).split('\n');
    return { line: before.length - 1, character: before[before.length - 1].length };
  }

  at(text, part) {
    return { textDocument: { uri: this.uri }, position: this.behind(text, part) };
  }

  async start() {
    const folder = pathToFileURL(this.folder).href;
    const reply = await this.connection.sendRequest(lsp.InitializeRequest.type, {
      processId: process.pid,
      rootUri: folder,
      workspaceFolders: [{ uri: folder, name: 'demo' }],
      capabilities: CAPABILITIES,
      initializationOptions: this.client.initializationOptions,
    });
    await this.connection.sendNotification(lsp.InitializedNotification.type, {});
    return reply.capabilities;
  }

  async open(text) {
    this.text = text;
    const next = this.diagnostics();
    await this.connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
      textDocument: { uri: this.uri, languageId: this.client.documentSelector[0].language, version: 1, text },
    });
    return next;
  }

  async stop() {
    await this.connection.sendRequest(lsp.ShutdownRequest.type);
    await this.connection.sendNotification(lsp.ExitNotification.type);
    assert.strictEqual(await this.ended, 0, 'the server ends well');
    this.connection.dispose();
  }
}

/** `text` with the edits of one document. */
function edited(text, edits) {
  const lines = text.split('\n');
  const offset = ({ line, character }) => lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  const sorted = [...edits].sort((a, b) => offset(b.range.start) - offset(a.range.start));
  return sorted.reduce(
    (out, edit) => out.slice(0, offset(edit.range.start)) + edit.newText + out.slice(offset(edit.range.end)), text);
}

async function answers(folder) {
  const session = new Session({ path: carbon, environment: '' }, folder);
  const can = await session.start();
  for (const each of ['hoverProvider', 'definitionProvider', 'referencesProvider', 'completionProvider', 'renameProvider',
    'documentFormattingProvider', 'documentSymbolProvider', 'codeActionProvider', 'semanticTokensProvider']) {
    assert(can[each], `README.md promises ${each}`);
  }
  assert.strictEqual(can.positionEncoding, 'utf-16');

  const found = (await session.open(TEXT)).diagnostics;
  assert.strictEqual(found.length, 1, JSON.stringify(found));
  assert.strictEqual(found[0].code, 'C0302');
  assert.deepStrictEqual(found[0].range.start, session.behind('${twic}', 2), 'columns count UTF-16 units');

  const actions = await session.connection.sendRequest(lsp.CodeActionRequest.type, {
    textDocument: { uri: session.uri }, range: found[0].range, context: { diagnostics: found, only: ['quickfix'] },
  });
  assert.strictEqual(actions.length, 1);
  const fixed = edited(TEXT, actions[0].edit.documentChanges
    ? actions[0].edit.documentChanges[0].edits : actions[0].edit.changes[session.uri]);
  assert(fixed.includes('${twice}'), fixed);

  const next = session.diagnostics();
  await session.connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
    textDocument: { uri: session.uri, version: 2 },
    contentChanges: [{ range: { start: session.behind('${twic'), end: session.behind('${twic') }, text: 'e' }],
  });
  assert.deepStrictEqual((await next).diagnostics, [], 'an edit within a line');
  session.text = fixed;

  const items = await session.connection.sendRequest(lsp.CompletionRequest.type, session.at('config.metadata.'));
  const labels = (items.items || items).map(each => each.label);
  assert(labels.includes('name') && labels.includes('namespace'), labels.join());

  const change = session.diagnostics();
  await session.connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
    textDocument: { uri: session.uri, version: 3 }, contentChanges: [{ text: `${fixed}res\n` }],
  });
  await change;
  session.text = `${fixed}res\n`;
  const words = await session.connection.sendRequest(lsp.CompletionRequest.type, session.at('\nres\n', 4));
  const resource = (words.items || words).find(each => each.label === 'resource');
  assert.strictEqual(resource.insertTextFormat, lsp.InsertTextFormat.Snippet, 'the client knows snippets');
  session.text = fixed;
  await session.connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
    textDocument: { uri: session.uri, version: 4 }, contentChanges: [{ text: fixed }],
  });

  const hover = await session.connection.sendRequest(lsp.HoverRequest.type, session.at('count * 2', 1));
  assert(hover.contents.value.includes('How many are needed.'), JSON.stringify(hover));
  assert(hover.contents.value.includes('2'), 'the value in the first environment');

  const rename = await session.connection.sendRequest(
    lsp.RenameRequest.type, { ...session.at('config', 1), newName: 'settings' });
  const edits = rename.documentChanges ? rename.documentChanges[0].edits : rename.changes[session.uri];
  const renamed = edited(fixed, edits);
  assert(/^moved config -> settings$/m.test(renamed) && renamed.includes('settings.metadata.name'), renamed);

  const format = await session.connection.sendRequest(
    lsp.DocumentFormattingRequest.type, { textDocument: { uri: session.uri }, options: { tabSize: 2, insertSpaces: true } });
  assert(edited(fixed, format).includes('\nresource other : k8s.ConfigMap'), 'formatted');

  const tokens = await session.connection.sendRequest(
    lsp.SemanticTokensRequest.type, { textDocument: { uri: session.uri } });
  assert(tokens.data.length > 0 && tokens.data.length % 5 === 0);
  const types = can.semanticTokensProvider.legend.tokenTypes;
  const known = Object.values(lsp.SemanticTokenTypes);
  assert.deepStrictEqual(types.filter(each => !known.includes(each)), [], 'themes know all types of tokens');
  await session.stop();
}

/** The setting `carbon.environment` decides which values are shown. */
async function environments(folder) {
  const session = new Session({ path: carbon, environment: 'prod' }, folder);
  await session.start();
  await session.open(TEXT.replace('twic}', 'twice}'));
  const hover = await session.connection.sendRequest(lsp.HoverRequest.type, session.at('let twice', 5));
  assert(hover.contents.value.includes('6'), JSON.stringify(hover));
  await session.stop();
}

async function main() {
  loads();
  contributes();
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'carbon-extension-')));
  try {
    fs.writeFileSync(path.join(folder, 'main.carbon'), TEXT);
    await answers(folder);
    await environments(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  console.log('the package loads; diagnostics, code action, completion, snippets, hover, rename, format, semantic tokens');
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
