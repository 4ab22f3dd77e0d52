// `carbon check --sarif` against the schema of SARIF 2.1.0 as Microsoft's package for tests carries it (revision rtm.5, the
// last before the standard), over the goldens that must fail and the examples.
//
//   sarif.js PACKAGES ROOT CARBON
'use strict';

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const [packages, root, carbon] = process.argv.slice(2).map(each => path.resolve(each));
const load = name => require(path.join(packages, 'node_modules', name));
const SCHEMA = path.join(packages, 'node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');

const ajv = new (load('ajv-draft-04'))({ strict: false, allErrors: true, unicodeRegExp: false });
load('ajv-formats')(ajv);
const isValid = ajv.compile(JSON.parse(fs.readFileSync(SCHEMA, 'utf8')));

/** Folders of platforms. */
function folders() {
  const found = [];
  for (const parent of ['tests/golden/check', 'tests/golden/parse', 'examples']) {
    for (const name of fs.readdirSync(path.join(root, parent)).sort()) {
      const folder = path.join(root, parent, name);
      if (fs.statSync(folder).isDirectory() && fs.readdirSync(folder).some(each => each.endsWith('.carbon'))) found.push(folder);
    }
  }
  return found;
}

const faults = [];
let results = 0;
const seen = { error: 0, warning: 0, related: 0, fixes: 0 };
for (const folder of folders()) {
  const name = path.relative(root, folder);
  const done = spawnSync(carbon, ['check', '--sarif', '-C', folder], { encoding: 'utf8' });
  if (done.status !== 0 && done.status !== 1) faults.push(`${name}: ends with ${done.status}: ${done.stderr}`);
  let log;
  try {
    log = JSON.parse(done.stdout);
  } catch (error) {
    faults.push(`${name}: ${error.message}: ${done.stdout.slice(0, 200)}${done.stderr.slice(0, 200)}`);
    continue;
  }
  if (!isValid(log)) faults.push(`${name}: ${ajv.errorsText(isValid.errors, { dataVar: 'log', separator: '\n  ' })}`);
  for (const result of log.runs[0].results) {
    results += 1;
    if (result.level in seen) seen[result.level] += 1;
    if (result.relatedLocations) seen.related += 1;
    if (result.fixes) seen.fixes += 1;
  }
}
for (const [kind, count] of Object.entries(seen)) {
  if (count === 0) faults.push(`no log has a result with ${kind}`);
}
// The schema is one that finds something.
if (isValid({ version: '2.1.0', runs: [{ results: [{}] }] })) faults.push('the schema takes everything');
if (faults.length) console.log(faults.slice(0, 40).join('\n'));
console.log(`sarif: ${folders().length} logs with ${results} results, ${faults.length} faults`);
process.exitCode = faults.length ? 1 : 0;
