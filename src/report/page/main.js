// Builds the part of the page below the summary, from the blocks of data in it.
// The verdict, the summary and the coverage above are plain markup and stay as they are.
import { auditTables } from './audit_tables.js';
import { el, section } from './dom.js';
import { pairs, useReport } from './details.js';
import { findingsSection } from './findings.js';
import { localSection } from './local_map.js';
import { list } from './numbers.js';
import { storiesSection } from './stories.js';
import { destinationsTable, precautionsSection, tableSections } from './tables.js';
import { worldSection } from './world_map.js';

function read(id) {
  try {
    return JSON.parse(document.getElementById(id).textContent);
  } catch (problem) {
    return { problem: String(problem) };
  }
}

function indexOf(report) {
  const index = new Map();
  for (const rows of Object.values(report)) {
    if (Array.isArray(rows)) for (const row of rows) if (row && row.id) index.set(row.id, row);
  }
  return index;
}

const TERMS = [
  ['Addressed to', 'The name or address that a device put on what it sent. Who received and read it cannot be seen from the sending side.'],
  ['Readable', 'Content of a form that leash knows and could look into.'],
  ['Not readable', 'Encrypted content, or content of a form that leash does not know. Nothing can be said about what is in it.'],
  ['Missing', 'Content that was sent but is not in the capture, because packets were lost or cut short.'],
  ['Run from / registered in / located in', 'Three different answers: where the company that runs a host is at home, which country its address is registered in, and where the machine stands.'],
  ['Cannot tell', 'The evidence does not decide this precaution. It was not passed, and it was not failed.'],
  ['SHA-256', 'A number worked out from every byte of a file. When one byte changes, the number changes.'],
];

function aboutSection(report) {
  const tool = report.tool || {};
  const versions = tool.data_versions && typeof tool.data_versions === 'object' ? Object.entries(tool.data_versions) : [];
  return section('about', 'About this report',
    pairs([
      ['Program', tool.version ? `leash ${tool.version}` : null], ['Audit of', tool.started], ['Command', tool.command ? el('code', {}, tool.command) : null],
      ['Policy', tool.policy], ['Profiles', list(tool.profiles)],
      ['Data', versions.map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`).join(', ')],
    ]),
    el('h3', {}, 'Words'), el('dl', { class: 'terms' }, TERMS.map(([term, meaning]) => el('div', {}, el('dt', {}, term), el('dd', {}, meaning)))),
    el('p', { class: 'hint' }, 'Country borders: Natural Earth. This file contacts nobody when it is opened.'));
}

function navigation(sections) {
  const nav = document.getElementById('nav');
  nav.hidden = false;
  nav.append(...sections.map(([id, title]) => el('a', { href: `#${id}` }, title)));
}

function start() {
  const holder = document.getElementById('details');
  const report = read('report');
  const tracks = read('tracks');
  if (report.problem || typeof report !== 'object') {
    holder.append(el('p', { class: 'no-script' }, `The data of this page cannot be read: ${report.problem}. The summary above is complete.`));
    return;
  }
  useReport(report);
  const sections = [
    ['findings', 'Findings', () => findingsSection(report, tracks, indexOf(report))],
    ['precautions', 'Precautions', () => precautionsSection(report)],
    ['destinations', 'Destinations', () => worldSection(report, destinationsTable(report.destinations || []))],
    ['places', 'Places', () => localSection(report, tracks)],
    ['stories', 'Same flights', () => storiesSection(tracks, indexOf(report))],
    ['audit-tables-all', 'Audit tables', () => auditTables(read('audit-tables'))],
  ];
  const present = [];
  for (const [id, title, make] of sections) {
    const element = make();
    if (!element) continue;
    holder.append(element);
    element.dispatchEvent(new Event('placed'));
    present.push([id, title]);
  }
  const tables = tableSections(report);
  if (tables.length) {
    holder.append(section('tables', 'Tables', el('p', { class: 'toc' },
      tables.map((t) => el('a', { href: `#table-${t.name}` }, `${t.title} (${report[t.name].length.toLocaleString('en-US')})`)))));
    present.push(['tables', 'Tables']);
  }
  holder.append(...tables.map((t) => t.element), aboutSection(report));
  present.push(['about', 'About']);
  navigation(present);
  document.documentElement.classList.add('ready');
}

start();
