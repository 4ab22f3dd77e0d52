// The page of a plan in headless Chromium: no error and no request of any kind, axe-core finds nothing, light and dark,
// filter and links work with mouse and keyboard, and everything is there without scripts.
//   node page.js PACKAGES FOLDER SCREENSHOTS
'use strict';
const fs = require('fs');
const path = require('path');
const url = require('url');
const [packages, folder, shots] = process.argv.slice(2);
const resolved = name => require.resolve(name, {paths: [packages]});
const axe = fs.readFileSync(resolved('axe-core/axe.min.js'), 'utf8');

let faults = 0;
function check(holds, what) {
  if (holds) return;
  faults += 1;
  console.log('FAIL  ' + what);
}

async function look(browser, file, scheme) {
  const name = path.basename(file, '.html');
  const page = await browser.newPage();
  await page.setViewport({width: 1280, height: 900});
  await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
  const asked = [];
  page.on('console', message => check(message.type() !== 'error', `${name}: console: ${message.text()}`));
  page.on('pageerror', error => check(false, `${name}: ${error.message}`));
  page.on('request', request => asked.push(request.url()));
  page.on('dialog', async dialog => { check(false, `${name}: a dialog`); await dialog.dismiss(); });
  const began = Date.now();
  await page.goto(url.pathToFileURL(file).href, {waitUntil: 'load', timeout: 120000});
  const took = Date.now() - began;
  check(asked.length === 1, `${name}: it asks for ${asked.slice(1).join(', ')}`);
  await page.screenshot({path: path.join(shots, `${name}-${scheme}.png`)});
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(wide <= 0, `${name}: ${wide} pixels too wide`);
  // On thousands of changes axe-core takes minutes, and they are made like those of hundreds.
  if (name === '5000') {
    await page.close();
    return took;
  }
  // axe-core is the test's own: for it alone the page's policy is set aside.
  const session = await page.createCDPSession();
  await session.send('Page.setBypassCSP', {enabled: true});
  await page.reload({waitUntil: 'load', timeout: 120000});
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, {resultTypes: ['violations']}));
  for (const one of found.violations)
    check(false, `${name} ${scheme}: axe: ${one.id}: ${one.help}: ${one.nodes.slice(0, 2).map(n => n.html.slice(0, 160)).join(' | ')}`);
  await page.close();
  return took;
}

async function use(browser, file) {
  const page = await browser.newPage();
  await page.setViewport({width: 1280, height: 900});
  await page.goto(url.pathToFileURL(file).href, {waitUntil: 'load'});
  const shown = () => page.$$eval('details.change', all => all.filter(one => !one.hidden).length);
  const all = await shown();
  check(all === 4, 'the page of ten shows few changes');
  await page.click('input[value=delete]');
  check(await shown() === all - 1, 'the filter of actions does nothing');
  await page.click('button[type=reset]');
  await new Promise(done => setTimeout(done, 50));
  check(await shown() === all, 'reset does nothing');
  await page.type('input[name=text]', 'shop.deployment');
  check(await shown() === 1, 'the filter of addresses does nothing');
  check((await page.$eval('#shown', one => one.textContent)) === `1 of ${all} changes shown`, 'the count is not said');
  // A box leads to its change, even one that is filtered out.
  const box = await page.evaluateHandle(() => Array.from(document.querySelectorAll('figure a')).find(
    one => one.querySelector('title').textContent.includes('jobs')));
  const target = await box.evaluate(one => one.getAttribute('href').slice(1));
  await box.evaluate(one => one.focus());
  await page.keyboard.press('Enter');
  check(await page.$eval('#' + target, one => one.open && !one.hidden), 'Enter on a box does not open its change');
  check(await page.evaluate(() => document.activeElement.tagName) === 'SUMMARY', 'the focus does not follow');
  const before = await page.$eval('figure svg', one => one.getAttribute('viewBox'));
  await page.click('figcaption button[value="+"]');
  const after = await page.$eval('figure svg', one => one.getAttribute('viewBox'));
  check(before !== after, 'zoom does nothing');
  await page.$eval('figure svg', one => one.focus());
  await page.keyboard.press('0');
  check(await page.$eval('figure svg', one => one.getAttribute('viewBox').split(' ').map(Number).join(' ')) ===
    before.split(' ').map(Number).join(' '), '0 does not show all');
  await page.close();
}

async function withoutScripts(browser, file) {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  await page.goto(url.pathToFileURL(file).href, {waitUntil: 'load'});
  const text = await page.$eval('body', one => one.innerText);
  check(text.includes('shop.deployment') && !text.includes('Show all'), 'without scripts something is missing or useless');
  await page.close();
}

async function narrow(browser, file) {
  const page = await browser.newPage();
  await page.setViewport({width: 400, height: 800});
  await page.goto(url.pathToFileURL(file).href, {waitUntil: 'load'});
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(wide <= 0, `on a telephone it is ${wide} pixels too wide`);
  await page.screenshot({path: path.join(shots, 'narrow.png')});
  await page.close();
}

async function main() {
  const puppeteer = await import(url.pathToFileURL(path.join(packages, 'node_modules/puppeteer-core/lib/puppeteer/puppeteer-core.js')).href)
    .catch(() => import(url.pathToFileURL(resolved('puppeteer-core')).href));
  const browser = await (puppeteer.default || puppeteer).launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'], protocolTimeout: 300000});
  const files = fs.readdirSync(folder).filter(one => one.endsWith('.html')).sort();
  const times = [];
  try {
    for (const file of files) {
      for (const scheme of ['light', 'dark']) {
        const took = await look(browser, path.join(folder, file), scheme);
        if (scheme === 'light') times.push(`${file.replace('.html', '')} ${took} ms`);
      }
    }
    const ten = path.join(folder, '10.html');
    await use(browser, ten);
    await withoutScripts(browser, ten);
    await narrow(browser, ten);
  } finally {
    await browser.close();
  }
  console.log(`review/page: ${files.length} pages in light and dark, ${faults} faults; loaded in ${times.join(', ')}`);
  process.exit(faults ? 1 : 0);
}

main();
