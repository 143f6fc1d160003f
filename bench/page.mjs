// Opens a report page in Chromium, again and again, and prints a table row for each measure:
//   node page.mjs PAGE.html ROUNDS
// Ready is when the script has built everything; the thread's time is processor time of the page's main thread.
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [, , file, rounds] = process.argv;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const runs = [];
for (let i = 0; i <= Number(rounds); i += 1) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await session.send('Performance.enable');
  const begun = performance.now();
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector('html.ready', { state: 'attached' });
  const ready = (performance.now() - begun) / 1000;
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name) => metrics.find((m) => m.name === name).value;
  if (i > 0) runs.push({ ready, thread: of('TaskDuration'), heap: of('JSHeapUsedSize') / 2 ** 20, elements: of('Nodes') });
  await page.close();
}
await browser.close();
const middle = (name) => runs.map((r) => r[name]).sort((a, b) => a - b)[Math.floor(runs.length / 2)];
console.log(`| opening it, Chromium | ${middle('ready').toFixed(2)} s until ready | ${middle('thread').toFixed(2)} s of the page's thread | ${middle('heap').toFixed(0)} MiB of script memory | ${middle('elements')} nodes |`);
