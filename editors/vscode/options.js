// How the language server is started and what it is told at the start. No `vscode` here, so that the tests can ask for it.
'use strict';

/** What is read of files beside the program's own text: `import schema`, data and templates. */
const WATCHED = '**/*.{carbon,yaml,yml,json,sql}';

/** @param {{path: string}} settings */
function serverOptions(settings) {
  return { command: settings.path || 'carbon', args: ['lsp'] };
}

/** @param {{environment: string}} settings */
function clientOptions(settings) {
  return {
    documentSelector: [{ scheme: 'file', language: 'carbon' }, { scheme: 'untitled', language: 'carbon' }],
    initializationOptions: settings.environment ? { environment: settings.environment } : {},
    diagnosticCollectionName: 'carbon',
  };
}

module.exports = { WATCHED, serverOptions, clientOptions };
