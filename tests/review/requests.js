// What carbon has sent to GitHub (tests/e2e/comment.py writes it down), against GitHub's OpenAPI description: each request
// is one of its operations, with a body that fits the operation's schema.
//   node requests.js PACKAGES REQUESTS
'use strict';
const fs = require('fs');
const path = require('path');
const [packages, requests] = process.argv.slice(2);
const load = name => require(require.resolve(name, {paths: [packages]}));
const Ajv = load('ajv/dist/2020').default;
const addFormats = load('ajv-formats');

const api = JSON.parse(fs.readFileSync(
  path.join(packages, 'node_modules/@octokit/openapi/generated/api.github.com.deref.json'), 'utf8'));
const ajv = new Ajv({strict: false, allErrors: true});
addFormats(ajv);
const templates = Object.keys(api.paths).map(template => ({
  template,
  pattern: new RegExp('^' + template.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+') + '$'),
  // A path with fewer parameters says more.
  parameters: (template.match(/\{/g) || []).length,
})).sort((a, b) => a.parameters - b.parameters);

const seen = new Set();
let faults = 0;
for (const [kind, method, target, body] of JSON.parse(fs.readFileSync(requests, 'utf8'))) {
  if (kind !== 'github') continue;
  const found = templates.find(one => one.pattern.test(target) && api.paths[one.template][method.toLowerCase()]);
  const operation = found && api.paths[found.template][method.toLowerCase()];
  const content = operation && operation.requestBody && operation.requestBody.content['application/json'];
  const problems = [];
  if (!operation) problems.push('no operation of the API');
  if (operation && method !== 'GET' && method !== 'DELETE') {
    const valid = ajv.compile(content.schema);
    if (!valid(body)) problems.push(ajv.errorsText(valid.errors));
  }
  if (operation) seen.add(operation.operationId);
  for (const problem of problems) {
    faults += 1;
    console.log(`FAIL  ${method} ${target}: ${problem}`);
  }
}
const wanted = ['issues/list-comments', 'issues/create-comment', 'issues/update-comment', 'issues/add-labels',
  'issues/remove-label', 'issues/list-labels-on-issue', 'repos/create-commit-status', 'users/get-authenticated'];
for (const name of wanted) {
  if (!seen.has(name)) {
    faults += 1;
    console.log(`FAIL  nothing was sent to ${name}`);
  }
}
console.log(`review/requests: ${seen.size} operations of GitHub's description, ${faults} faults`);
process.exit(faults ? 1 : 0);
