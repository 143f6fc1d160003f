// What a reader can see of pages, with all their tables and details open:  node texts.mjs PAGE...
// Prints one JSON list: for each page {ours: [...], foreign: [...]}.  Foreign is what is nobody's to translate: code, names of
// publications, the label and what the operator gave.  Exit status 77: no browser.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((p) => existsSync(p));
let playwright = null;
try {
  playwright = await import('playwright-core');
} catch {
  // told below
}
if (!playwright || !chromium) process.exit(77);

const browser = await playwright.chromium.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
const found = [];
for (const path of process.argv.slice(2)) {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector('html.ready', { state: 'attached', timeout: 60000 });
  found.push(await page.evaluate(() => {
    document.querySelectorAll('button.more').forEach((b) => b.hidden || b.click());
    document.querySelectorAll('button.open').forEach((b) => b.click());
    document.querySelectorAll('details').forEach((d) => { d.open = true; });
    const made = { ours: [], foreign: [] };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const text = walk.currentNode.textContent.trim();
      const parent = walk.currentNode.parentElement;
      if (!text || parent.closest('script, style, noscript')) continue;
      made[parent.closest('code, cite, .label, #custody dd') ? 'foreign' : 'ours'].push(text);
    }
    for (const name of ['title', 'aria-label', 'placeholder'])
      document.querySelectorAll(`[${name}]`).forEach((e) => made.ours.push(e.getAttribute(name)));
    return made;
  }));
  await page.close();
}
await browser.close();
process.stdout.write(JSON.stringify(found));
