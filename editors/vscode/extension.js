'use strict';

const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');
const { WATCHED, serverOptions, clientOptions } = require('./options');

/** @type {LanguageClient | undefined} */
let client;

function settings() {
  const written = vscode.workspace.getConfiguration('carbon');
  return { path: written.get('path', 'carbon'), environment: written.get('environment', '') };
}

async function start() {
  const chosen = settings();
  const options = clientOptions(chosen);
  options.synchronize = { fileEvents: vscode.workspace.createFileSystemWatcher(WATCHED) };
  client = new LanguageClient('carbon', 'carbon', serverOptions(chosen), options);
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const answer = await vscode.window.showErrorMessage(
      `carbon: the language server \`${chosen.path} lsp\` does not start: ${error.message}. ` +
        'Highlighting works without it. Write where the program is in the setting carbon.path.',
      'Open settings');
    if (answer) await vscode.commands.executeCommand('workbench.action.openSettings', 'carbon.path');
  }
}

async function stop() {
  const stopped = client;
  client = undefined;
  if (stopped) await stopped.stop();
}

// One at a time: a setting may change while the server starts.
let turn = Promise.resolve();
function restart() {
  turn = turn.then(stop).then(start, start);
  return turn;
}

function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand('carbon.restart', restart),
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('carbon.path') || event.affectsConfiguration('carbon.environment')) restart();
    }));
  restart();
}

function deactivate() {
  return turn.then(stop);
}

module.exports = { activate, deactivate };
