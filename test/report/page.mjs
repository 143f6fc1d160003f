// Opens the pages of the fixture cases in Chromium and looks at what a reader would get:
//   node page.mjs WRITE_PAGE FOLDER
// Prints TAP.  With LEASH_SHOTS=FOLDER also keeps pictures: light, dark, phone, print.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [writePage, folder] = process.argv.slice(2);
const shots = process.env.LEASH_SHOTS;
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((p) => existsSync(p));
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const SECTIONS = {
  encrypted: ['findings', 'precautions', 'destinations', 'places', 'table-flows', 'table-dns', 'table-flights', 'table-evidence'],
  leaking: ['findings', 'precautions', 'destinations', 'places', 'table-flows', 'table-requests', 'table-leaks', 'table-media'],
  stored: ['findings', 'precautions', 'destinations', 'places', 'table-flights', 'table-media'],
  empty: ['findings', 'destinations', 'table-evidence'],
  hostile: ['findings', 'precautions', 'destinations', 'table-flows', 'table-components', 'table-broadcasts'],
  large: ['destinations', 'table-flows', 'table-dns'],
};

let number = 0;
let failures = 0;
function ok(good, name, more) {
  number += 1;
  failures += good ? 0 : 1;
  console.log(`${good ? 'ok' : 'not ok'} ${number} - ${name}`);
  if (!good && more !== undefined) console.log(`# ${String(more).slice(0, 2000).replace(/\n/g, '\n# ')}`);
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

async function open(file, options = {}) {
  const page = await browser.newPage();
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
  return { page, seen };
}

// The data blocks must hold the report whole.
const dataOf = (page) => page.evaluate(() => {
  const report = JSON.parse(document.getElementById('report').textContent);
  const tracks = JSON.parse(document.getElementById('tracks').textContent);
  return {
    schema: report.schema, tracks: tracks.schema, flows: report.flows.length, findings: report.findings.length,
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

async function checkTable(page, name) {
  const table = page.locator('#table-flows .table');
  await table.locator('th button').nth(5).click();
  const sorted = await table.locator('th').nth(5).getAttribute('aria-sort');
  ok(sorted === 'descending', `${name}: a number column sorts from the largest`, sorted);
  const filter = table.locator('input[type=search]');
  if (await filter.count()) {
    await filter.fill('host007');
    await page.waitForTimeout(1000);
    const status = await table.locator('.table-status').innerText();
    const held = await page.evaluate(() => JSON.parse(document.getElementById('report').textContent).flows
      .filter((f) => f.host.startsWith('host007')).length);
    ok(held > 0 && new RegExp(`\\b${held} matching`).test(status), `${name}: the filter finds the rows of one host`, status);
  }
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
  ok(data.schema === 'leash.report/1' && data.tracks === 'leash.tracks/1', `${fixture}: both data blocks parse`, JSON.stringify(data));
  ok(data.points <= 2000, `${fixture}: tracks are simplified`, data.points);
  ok(seen.requests.length === 0, `${fixture}: no request to anyone`, seen.requests.join('\n'));
  ok(seen.problems.length === 0, `${fixture}: nothing on the console`, seen.problems.join('\n'));
  ok(got.scripts === 4 && got.inserted === 0 && got.links.length === 0, `${fixture}: no element but ours, no link outside`,
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
    ok(/20,000 of 100,000 rows of the list "flows"/.test(got.text), 'large: says that the list of flows is cut');
    ok(seen.ms < 15000 && got.rows < 400, 'large: opens with few rows drawn', `${seen.ms} ms, ${got.rows} rows`);
    console.log(`# large: ${(statSync(file).size / 1e6).toFixed(1)} MB, ready after ${seen.ms} ms`);
    await checkTable(page, fixture);
  }
  if (fixture === 'leaking') {
    ok(data.findings === 4 && await page.locator('.finding').count() === 4, 'leaking: every finding is shown');
    ok(await page.locator('.finding.critical .hits tbody tr').count() === 3, 'leaking: the hits of a finding are shown');
    ok(await page.locator('svg.local path.track').count() >= 2, 'leaking: flight paths are drawn');
    ok(await page.locator('svg.world path[class*=step]').count() >= 2, 'leaking: countries are marked');
    await checkTable(page, fixture);
    await page.reload();
    await page.evaluate(() => scrollTo(0, 0));
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
  ok(small.overflow <= 0, `${fixture}: a phone shows it without sideways scrolling`, small.overflow);
  await picture(phone.page, `${fixture}-phone`);
  await phone.page.close();
  if (shots) {
    const dark = await open(file, { scheme: 'dark' });
    await picture(dark.page, `${fixture}-dark`);
    await dark.page.close();
  }
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
