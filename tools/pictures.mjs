#!/usr/bin/env node
// Makes the pictures of the example cases' pages in doc/pictures, anew and always of the same things:
//
//   tools/pictures.mjs           those that doc/report.md shows
//   tools/pictures.mjs FOLDER     every case in light, dark, phone and print, in both languages, into FOLDER,
//                                for somebody who looks at all of them
//
// Needs build/leash (or $LEASH), Chromium, playwright-core, pdftoppm and python3-pil.  All cases are made up.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SOURCE = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { chromium } = createRequire(join(SOURCE, 'package.json'))('playwright-core');
const LEASH = process.env.LEASH || join(SOURCE, 'build/leash');
const CASES = join(SOURCE, 'examples/cases');
const LANGUAGES = ['en', 'es'];
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const PICTURE_BYTES_MAX = 150000;

const all = process.argv[2] ? resolve(process.argv[2]) : null;
const folder = all || join(SOURCE, 'doc/pictures');
const work = mkdtempSync(join(tmpdir(), 'leash-pictures-'));

// "A=1 leash audit --label "two words" FILE": as a shell takes it apart.
const wordsOf = (line) => [...line.matchAll(/(?:[^\s"]+|"[^"]*")+/g)].map((m) => m[0].replace(/"/g, ''));

function audit(name) {
  const words = wordsOf(readFileSync(join(CASES, name, 'command'), 'utf8').trim());
  const at = words.indexOf('leash');
  const settings = Object.fromEntries(words.slice(0, at).map((w) => [w.slice(0, w.indexOf('=')), w.slice(w.indexOf('=') + 1)]));
  const file = join(work, `${name}.gpkg`);
  const done = spawnSync(LEASH, ['audit', '--force', '-o', file, '--html', join(work, 'page.html'), ...words.slice(at + 2)],
    { cwd: join(CASES, name), env: { ...process.env, LEASH_DATA: join(SOURCE, 'data'), NO_COLOR: '1', ...settings }, encoding: 'utf8' });
  if (!existsSync(file)) throw new Error(`${name}: ${done.stderr}`);
  return Object.fromEntries(LANGUAGES.map((language) => {
    const page = join(work, `${name}-${language}.html`);
    execFileSync(LEASH, ['report', file, '--format', 'html', '--lang', language, '-o', page]);
    return [language, page];
  }));
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

async function open(file, viewport, colorScheme) {
  const page = await browser.newPage({ viewport, colorScheme });
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector('html.ready', { state: 'attached', timeout: 60000 });
  return page;
}

// Flat colours: a palette is enough, and a quarter of the bytes.
const SHRINK = `
import sys
from PIL import Image
Image.MAX_IMAGE_PIXELS = None
picture = Image.open(sys.argv[1]).convert("RGB")
width = int(sys.argv[3])
if picture.width > width:
    picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
picture.quantize(112, dither=Image.Dither.NONE).save(sys.argv[2], optimize=True)
`;

function keep(from, name, width) {
  const to = join(folder, `${name}.png`);
  execFileSync('/usr/bin/python3', ['-c', SHRINK, from, to, String(width)]);
  const size = statSync(to).size;
  console.log(`${to.slice(SOURCE.length + 1)}: ${size} bytes`);
  if (!all && size > PICTURE_BYTES_MAX) throw new Error(`${to} is larger than ${PICTURE_BYTES_MAX} bytes`);
}

async function shot(page, name, width, options = {}) {
  const raw = join(work, 'raw.png');
  if (options.part) await page.locator(options.part).screenshot({ path: raw });
  else await page.screenshot({ path: raw, fullPage: Boolean(options.whole) });
  keep(raw, name, width);
}

async function printed(page, name, width, last) {
  const pdf = join(work, 'raw.pdf');
  await page.pdf({ path: pdf, format: 'A4', printBackground: true });
  execFileSync('pdftoppm', ['-r', '70', '-png', '-l', String(last), pdf, join(work, 'print')]);
  for (const file of readdirSync(work).filter((f) => /^print-\d+\.png$/.test(f)).sort()) {
    keep(join(work, file), last === 1 ? name : `${name}-${file.slice(6, -4)}`, width);
    rmSync(join(work, file));
  }
}

async function lookAtAll(name, pages) {
  for (const language of LANGUAGES) {
    for (const [look, viewport, scheme] of [['light', WIDE, 'light'], ['dark', WIDE, 'dark'], ['phone', PHONE, 'light']]) {
      const page = await open(pages[language], viewport, scheme);
      await shot(page, `${name}-${language}-${look}-first`, viewport.width);
      await shot(page, `${name}-${language}-${look}`, viewport.width, { whole: true });
      if (look === 'light') await printed(page, `${name}-${language}-print`, 620, 60);
      await page.close();
    }
  }
}

async function forTheDocument(name, pages) {
  const light = await open(pages.en, WIDE, 'light');
  await shot(light, name, 860);
  if (name === 'leak') {
    await light.setViewportSize({ width: WIDE.width, height: 1600 }); // what is taller than the window is not drawn to its end
    for (const part of ['destinations', 'streams', 'timeline', 'places']) {
      // The bar that stays on top would stand in the middle of a tall part.
      await light.evaluate(() => { document.querySelector('.bar').style.position = 'static'; });
      await shot(light, `${name}-${part}`, 860, { part: part === 'destinations' ? '.world-stage' : `#${part}` });
    }
    await printed(light, `${name}-print`, 520, 1);
    const dark = await open(pages.en, WIDE, 'dark');
    await shot(dark, `${name}-dark`, 860);
    await dark.close();
  }
  await light.close();
  const phone = await open(pages.es, PHONE, 'light');
  await shot(phone, `${name}-phone-es`, 390);
  await phone.close();
}

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(CASES).filter((n) => existsSync(join(CASES, n, 'command'))).sort()) {
  const pages = audit(name);
  await (all ? lookAtAll(name, pages) : forTheDocument(name, pages));
}
await browser.close();
rmSync(work, { recursive: true, force: true });
