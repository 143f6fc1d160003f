// Opens the pages of the fixture cases in Chromium and looks at what a reader would get:
//   node page.mjs WRITE_PAGE FOLDER
// axe-core looks at every one of them, light, dark and on a phone.
// Prints TAP.  With LEASH_SHOTS=FOLDER also keeps pictures: light, dark, phone, print.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [writePage, folder] = process.argv.slice(2);
const shots = process.env.LEASH_SHOTS;
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((p) => existsSync(p));
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const SECTIONS = {
  encrypted: ['findings', 'precautions', 'destinations', 'places', 'table-flows', 'table-dns', 'table-flights', 'table-evidence'],
  leaking: ['findings', 'precautions', 'destinations', 'streams', 'timeline', 'places', 'glossary', 'table-flows', 'table-requests', 'table-leaks', 'table-media'],
  stored: ['findings', 'precautions', 'destinations', 'places', 'table-flights', 'table-media'],
  undecided: ['precautions', 'table-components', 'table-evidence'],
  empty: ['findings', 'destinations', 'table-evidence'],
  hostile: ['findings', 'precautions', 'destinations', 'table-flows', 'table-components', 'table-broadcasts'],
  large: ['destinations', 'streams', 'timeline', 'table-flows', 'table-dns'],
};

let number = 0;
let failures = 0;
function ok(good, name, more) {
  number += 1;
  failures += good ? 0 : 1;
  console.log(`${good ? 'ok' : 'not ok'} ${number} - ${name}`);
  if (!good && more !== undefined) console.log(`# ${String(more).slice(0, 2000).replace(/\n/g, '\n# ')}`);
}

function noFaults(faults, name) {
  if (faults) ok(faults.length === 0, name, faults.join('\n'));
  else console.log(`ok ${number += 1} - ${name} # SKIP no axe-core`);
}

let playwright;
try {
  playwright = await import('playwright-core');
} catch {
  playwright = null;
}
if (!playwright || !chromium) {
  console.log(`1..0 # SKIP ${chromium ? 'no playwright-core in node_modules' : 'no Chromium (Debian package chromium)'}`);
  process.exit(0);
}

mkdirSync(folder, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), 'leash-page-'));
const browser = await playwright.chromium.launchPersistentContext(profile, {
  executablePath: chromium, args: FLAGS, viewport: { width: 1280, height: 900 },
});

let AXE = null;
try {
  AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
} catch {
  console.log('# no axe-core in node_modules (npm ci): its checks count as skipped');
}

// The violations, each with the first element it was seen at.  The page's policy lets no script in, so
// the debugger brings it.
async function violations(page, only) {
  if (!AXE) return null;
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: AXE });
  const { result } = await session.send('Runtime.evaluate', { awaitPromise: true, returnByValue: true, expression:
    `axe.run(document, { resultTypes: ["violations"]${only ? `, runOnly: ["${only}"]` : ''} }).then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.nodes.length + " " + v.nodes[0].html.slice(0, 200) + " " + v.nodes[0].failureSummary)))` });
  return JSON.parse(result.value);
}

// The four questions are answered on the first screen, without scrolling.
// What is folded up on the screen is laid out for the printer, and folded up again.
async function checkPaper(page, fixture) {
  const look = () => page.evaluate(() => [
    [...document.querySelectorAll('.table .table-status:first-of-type')].map((s) => s.textContent).join('|'),
    document.querySelectorAll('tbody tr').length, document.querySelectorAll('.finding').length, document.querySelectorAll('th button').length,
    document.querySelectorAll('details:not([open])').length].join(' '));
  const before = await look();
  const paper = await page.evaluate(() => {
    dispatchEvent(new Event('beforeprint'));
    const short = [...document.querySelectorAll('.table')].filter((t) => {
      const said = /(\d[\d,]*) of (\d[\d,]*)$/.exec(t.querySelector('.table-status').textContent);
      const [shown, all] = said ? said.slice(1).map((n) => +n.replace(/,/g, '')) : [0, Infinity];
      return !t.closest('#audit-T5') && shown < Math.min(all, 60);
    });
    return { short: short.map((t) => t.querySelector('.table-status').textContent), buttons: document.querySelectorAll('th button').length, folded: document.querySelectorAll('details:not([open])').length };
  });
  ok(paper.short.length === 0 && paper.buttons === 0 && paper.folded === 0, `${fixture}: on paper tables have their rows, and nothing is folded up`, JSON.stringify(paper));
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  ok(await look() === before, `${fixture}: after printing the page is as it was`, `${before}\n${await look()}`);
}

async function checkFirstScreen(page, name) {
  const seen = await page.evaluate(() => {
    scrollTo(0, 0);
    const bar = document.querySelector('.bar').getBoundingClientRect();
    return [...document.querySelectorAll('.answer')].map((a) => ({
      question: a.querySelector('h2').innerText, answer: a.querySelector('p').innerText,
      whole: a.getBoundingClientRect().bottom <= innerHeight && a.getBoundingClientRect().top >= bar.bottom,
    }));
  });
  ok(seen.length === 4 && seen.every((a) => a.question.trim().endsWith('?') && a.answer.trim().length > 10), `${name}: four questions with an answer each`, JSON.stringify(seen));
  // Names of a page and more, as the hostile case has them, may need a larger screen than a phone's.
  if (name !== 'hostile on a phone') ok(seen.every((a) => a.whole), `${name}: all four answers are on the first screen`, JSON.stringify(seen));
}

async function open(file, options = {}) {
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await session.send('Performance.enable');
  const seen = { requests: [], problems: [] };
  page.on('request', (r) => { if (r.url() !== pathToFileURL(file).href) seen.requests.push(r.url()); });
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) seen.problems.push(m.text()); });
  page.on('pageerror', (e) => seen.problems.push(String(e)));
  page.on('dialog', (d) => { seen.problems.push(`dialog ${d.message()}`); d.dismiss(); });
  await page.emulateMedia({ colorScheme: options.scheme || 'light' });
  if (options.viewport) await page.setViewportSize(options.viewport);
  const begun = Date.now();
  await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
  await page.waitForSelector('html.ready', { timeout: 60000, state: 'attached' });
  seen.ms = Date.now() - begun;
  const { metrics } = await session.send('Performance.getMetrics');
  seen.cpu_s = metrics.find((m) => m.name === 'TaskDuration').value; // of the page's thread, whatever else runs
  return { page, seen };
}

// The data blocks must hold the report whole.
const dataOf = (page) => page.evaluate(() => {
  const report = JSON.parse(document.getElementById('report').textContent);
  const tracks = JSON.parse(document.getElementById('tracks').textContent);
  return {
    schema: report.schema, tracks: tracks.schema, flows: JSON.parse(document.getElementById('flows').textContent).schema, findings: report.findings.length,
    points: Math.max(0, ...tracks.tracks.map((t) => t.points.length)),
  };
});

const inside = (page) => page.evaluate(() => ({
  title: document.title,
  headings: [...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1])),
  scripts: document.querySelectorAll('script').length,
  inserted: document.querySelectorAll('img,iframe,object,embed,link,[onerror],[onclick],[style]').length,
  links: [...document.querySelectorAll('[href],[src]')].map((e) => e.getAttribute('href') || e.getAttribute('src')).filter((u) => !u.startsWith('#')),
  rows: document.querySelectorAll('tbody tr').length,
  unnamed: [...document.querySelectorAll('button,a,input,select,svg[role=img]')].filter((e) => e.offsetParent !== null || e.tagName === 'svg')
    .filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || e.closest('label'))).length,
  duplicates: (() => { const ids = [...document.querySelectorAll('[id]')].map((e) => e.id); return ids.length - new Set(ids).size; })(),
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  text: document.body.innerText,
}));

// What an element says once it says what is waited for: the clipboard and the filter take their time on a busy machine.
async function saying(locator, expected) {
  let text = '';
  for (const until = Date.now() + 20000; Date.now() < until; await new Promise((go) => setTimeout(go, 50))) {
    text = await locator.innerText();
    if (expected.test(text)) break;
  }
  return text;
}

async function checkTable(page, name) {
  const table = page.locator('#table-flows .table');
  await table.locator('th button').nth(5).click();
  const sorted = await table.locator('th').nth(5).getAttribute('aria-sort');
  ok(sorted === 'descending', `${name}: a number column sorts from the largest`, sorted);
  const filter = table.locator('input[type=search]');
  if (await filter.count()) {
    await filter.fill('host007');
    const held = await page.evaluate(() => {
      const flows = JSON.parse(document.getElementById('flows').textContent);
      const mine = new Set(flows.words.map((w, i) => [w, i]).filter(([w]) => w.startsWith('host007')).map(([, i]) => i));
      const { values, runs, steps } = flows.columns.host;
      if (runs) return runs.reduce((sum, v, i) => (i % 2 === 0 && mine.has(v) ? sum + runs[i + 1] : sum), 0);
      let at = 0;
      return (values || steps.map((step) => (at += step))).filter((v) => mine.has(v)).length;
    });
    const wanted = new RegExp(`\\b${held} matching`);
    const status = await saying(table.locator('.table-status').first(), wanted);
    ok(held > 0 && wanted.test(status), `${name}: the filter finds the rows of one host`, status);
  }
  await table.locator('button.copy').click();
  const copied = await saying(table.locator('.table-tools .table-status').nth(1), / copied$/);
  ok(/ copied$/.test(copied), `${name}: the rows can be copied`, copied);
  await table.locator('button.open').first().click();
  ok(await table.locator('tr.detail code').count() > 0, `${name}: a row opens to its origin and hash`);
}

async function picture(page, name) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

for (const fixture of Object.keys(SECTIONS)) {
  const file = resolve(folder, `${fixture}.html`);
  execFileSync(writePage, [fixture, resolve(folder, `${fixture}.gpkg`), file, resolve(folder, `${fixture}.txt`)]);
  const html = readFileSync(file, 'utf8');
  const csp = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html);
  ok(csp && csp[1].startsWith("default-src 'none'") && !csp[1].includes('unsafe') &&
    html.indexOf('Content-Security-Policy') < html.indexOf('<style'), `${fixture}: content security policy by hash, before style and script`, csp);
  const still = html.slice(0, html.indexOf('<script'));
  ok(/<h1>/.test(still) && /id="coverage"/.test(still) && /What left/.test(still), `${fixture}: verdict, summary and coverage are plain markup`);

  const { page, seen } = await open(file);
  const data = await dataOf(page);
  const got = await inside(page);
  ok(data.schema === 'leash.report/1' && data.tracks === 'leash.tracks/1' && data.flows === 'leash.flows/1', `${fixture}: the data blocks parse`, JSON.stringify(data));
  ok(data.points <= 2000, `${fixture}: tracks are simplified`, data.points);
  ok(seen.requests.length === 0, `${fixture}: no request to anyone`, seen.requests.join('\n'));
  ok(seen.problems.length === 0, `${fixture}: nothing on the console`, seen.problems.join('\n'));
  ok(got.scripts === 7 && got.inserted === 0 && got.links.length === 0, `${fixture}: no element but ours, no link outside`,
    JSON.stringify([got.scripts, got.inserted, got.links]));
  ok(got.title.startsWith('leash report') && !/^owned/.test(got.title), `${fixture}: title`, got.title);
  const missing = [];
  for (const id of SECTIONS[fixture]) if (!await page.locator(`#${id}`).count()) missing.push(id);
  ok(missing.length === 0, `${fixture}: sections present`, missing.join(' '));
  ok(got.headings[0] === 1 && got.headings.filter((h) => h === 1).length === 1 &&
    got.headings.every((h, i) => i === 0 || h <= got.headings[i - 1] + 1), `${fixture}: headings in order`, got.headings.join(''));
  ok(got.unnamed === 0 && got.duplicates === 0, `${fixture}: controls have names, ids are single`, `${got.unnamed} ${got.duplicates}`);
  ok(!/\bNaN\b|\[object |\bundefined\b|Infinity/.test(fixture === 'hostile' ? '' : got.text), `${fixture}: no leftovers of the machine in the text`,
    (/.{40}(NaN|\[object |undefined|Infinity).{20}/.exec(got.text) || [''])[0]);
  ok(!/\bclean\b|did not leave/i.test(got.text), `${fixture}: no claim that nothing left`);
  ok(!/[\u202a-\u202e\u2066-\u2069\u200b\u0007]/.test(got.text), `${fixture}: nothing turns or hides text`);
  if (fixture === 'large') {
    ok(/of 100,000$/m.test(await saying(page.locator('#table-flows .table-status').first(), /of 100,000$/m)), 'large: holds a hundred thousand connections');
    ok(/of [0-9,]+ rows of the list "dns"/.test(got.text) || !/100,000 rows of the list "flows"/.test(got.text), 'large: what is cut is said');
    ok((await page.locator('.finding .fact').innerText()).includes('host000.vendor.example'), 'large: what a finding rests on is there, however small');
    // On a machine with more to do than it has processors everything takes a multiple, and so may this.
    const limit_s = 2 * Math.max(1, 2 * loadavg()[0] / cpus().length);
    ok(seen.cpu_s < limit_s && got.rows < 400, 'large: opens within two seconds of its thread, with few rows drawn', `${seen.cpu_s} s, ${got.rows} rows`);
    ok(statSync(file).size < 40e6, 'large: the file stays small', statSync(file).size);
    console.log(`# large: ${(statSync(file).size / 1e6).toFixed(1)} MB, ready after ${seen.ms} ms, ${seen.cpu_s.toFixed(2)} s of its thread`);
    const pager = page.locator('#table-flows .pager');
    await pager.getByText('Show more rows').click();
    await pager.getByText('Last rows').click();
    ok(/99,901 to 100,000 of 100,000/.test(await saying(page.locator('#table-flows .table-status').first(), /99,901 to 100,000 of 100,000/)), 'large: its last rows are two steps away');
    await checkTable(page, fixture);
  }
  if (fixture !== 'large') await checkPaper(page, fixture);
  if (fixture === 'leaking') {
    ok(data.findings === 4 && await page.locator('.finding').count() === 4, 'leaking: every finding is shown');
    ok(await page.locator('.finding.critical .hits tbody tr').count() === 3, 'leaking: the hits of a finding are shown');
    ok(await page.locator('svg.local path.track').count() >= 2, 'leaking: flight paths are drawn');
    ok(await page.locator('svg.world path[class*=step]').count() >= 2, 'leaking: countries are marked');
    ok(await page.locator('svg.timeline rect[class^=phase]').count() > 0 && await page.locator('svg.timeline rect.flight-bar').count() > 0, 'leaking: bytes stand over the flights');
    ok(await page.locator('svg.streams path.column-0').count() > 0 && await page.locator('svg.streams path.column-1').count() > 0, 'leaking: devices, owners and countries are joined');
    ok(await page.locator('svg.local g.north').count() === 1 && await page.locator('svg.local g.scale').count() === 1, 'leaking: the local map has north and a scale');
    await checkTable(page, fixture);
    await page.reload();
    await page.evaluate(() => scrollTo(0, 0));
  }
  await checkFirstScreen(page, fixture);
  if (fixture !== 'large') {
    const faults = await violations(page);
    noFaults(faults, `${fixture}: axe-core finds no fault`);
  }
  await picture(page, `${fixture}-light`);

  const printed = join(folder, `${fixture}.pdf`);
  const pdf = await page.pdf({ format: 'A4', printBackground: true });
  writeFileSync(printed, pdf);
  ok(pdf.subarray(0, 5).toString() === '%PDF-' && pdf.length > 10000, `${fixture}: prints`, pdf.length);
  if (shots) execFileSync('pdftoppm', ['-r', '60', '-png', printed, join(shots, `${fixture}-print`)]);
  await page.close();

  const phone = await open(file, { viewport: { width: 390, height: 844 } });
  const small = await inside(phone.page);
  await checkFirstScreen(phone.page, `${fixture} on a phone`);
  if (fixture !== 'large') {
    const faults = await violations(phone.page);
    noFaults(faults, `${fixture} on a phone: axe-core finds no fault`);
  }
  ok(small.overflow <= 0, `${fixture}: a phone shows it without sideways scrolling`, small.overflow);
  await picture(phone.page, `${fixture}-phone`);
  await phone.page.close();
  if (fixture !== 'large') {
    const dark = await open(file, { scheme: 'dark' });
    const faults = await violations(dark.page, 'color-contrast'); // nothing else differs
    noFaults(faults, `${fixture} in the dark: axe-core finds no fault`);
    await picture(dark.page, `${fixture}-dark`);
    await dark.page.close();
  }
}

// In Spanish the same page, and nothing of the page's own left in English.
{
  const file = resolve(folder, 'leaking-es.html');
  execFileSync(writePage, ['leaking', resolve(folder, 'leaking-es.gpkg'), file, resolve(folder, 'leaking-es.txt'), 'es']);
  const { page, seen } = await open(file);
  const got = await inside(page);
  ok(await page.evaluate(() => document.documentElement.lang) === 'es', 'Spanish: the page says its language');
  ok(seen.problems.length === 0 && seen.requests.length === 0, 'Spanish: nothing on the console, no request', seen.problems.join('\n'));
  const keys = got.text.match(/\b[A-Z]{3,}_[A-Za-z_]{2,}\b/g) || [];
  ok(keys.length === 0, 'Spanish: no key without its words', keys.join(' '));
  const english = (got.text.match(/\b(Addressed to|What left|Sent|Received|Findings|Precautions|Glossary|rows|not met)\b/g) || []);
  ok(english.length === 0, 'Spanish: headings and columns are Spanish', english.join(' '));
  await checkFirstScreen(page, 'Spanish');
  const faults = await violations(page);
  noFaults(faults, 'Spanish: axe-core finds no fault');
  await picture(page, 'leaking-es');
  await page.close();
}

// Without a script the summary still stands.
const plain = await browser.newPage();
await plain.route('**/*', (route) => route.continue());
await plain.setContent(readFileSync(resolve(folder, 'leaking.html'), 'utf8').replace(/<script[\s\S]*?<\/script>/g, ''));
ok(/What to do next/.test(await plain.innerText('body')), 'without script: the summary is complete');

await browser.close();
rmSync(profile, { recursive: true, force: true });
console.log(`1..${number}`);
process.exit(failures ? 1 : 0);
