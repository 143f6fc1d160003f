// Builds the part of the page below the summary, from the blocks of data in it.
// The verdict, the summary and the coverage above are plain markup and stay as they are.
import { auditTables } from './audit_tables.js';
import { el, section } from './dom.js';
import { useReport } from './details.js';
import { diagramSection } from './flow_diagram.js';
import { findingsSection } from './findings.js';
import { flowRows } from './flows.js';
import { aboutSection } from './glossary.js';
import { localSection } from './local_map.js';
import { count } from './numbers.js';
import { listenForPrinting, onPaper } from './paper.js';
import { storiesSection } from './stories.js';
import { destinationsTable, precautionsSection, tableSections } from './tables.js';
import { timelineSection } from './timeline.js';
import { t, useTold, useWords } from './words.js';
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

function navigation(sections) {
  const nav = document.getElementById('nav');
  nav.hidden = false;
  nav.setAttribute('aria-label', t('SECTIONS'));
  nav.append(...sections.map(([id, title]) => el('a', { href: `#${id}` }, title)));
}

function start() {
  const holder = document.getElementById('details');
  useWords(read('words'));
  useTold(read('told'));
  const report = read('report');
  const tracks = read('tracks');
  const map = document.getElementById('map') ? read('map') : null;
  if (report.problem || typeof report !== 'object') {
    holder.append(el('p', { class: 'no-script' }, t('DATA_BROKEN', String(report.problem))));
    return;
  }
  useReport(report);
  const index = indexOf(report);
  const flows = flowRows(read('flows'), index);
  const sections = [
    ['findings', 'NAV_FINDINGS', () => findingsSection(report, tracks, index)],
    ['precautions', 'NAV_PRECAUTIONS', () => precautionsSection(report)],
    ['destinations', 'NAV_DESTINATIONS', () => worldSection(report, destinationsTable(report.destinations || []))],
    ['streams', 'NAV_STREAMS', () => diagramSection(report, flows)],
    ['timeline', 'NAV_TIMELINE', () => timelineSection(report, flows)],
    ['places', 'NAV_PLACES', () => localSection(report, tracks, map)],
    ['stories', 'NAV_STORIES', () => storiesSection(tracks, index)],
    ['audit-tables-all', 'NAV_AUDIT_TABLES', () => auditTables(read('audit-tables'))],
  ];
  const present = [];
  for (const [id, title, make] of sections) {
    const element = make();
    if (!element) continue;
    holder.append(element);
    element.dispatchEvent(new Event('placed'));
    present.push([id, t(title)]);
  }
  const tables = tableSections({ ...report, flows });
  if (tables.length) {
    holder.append(section('tables', t('NAV_TABLES'), el('p', { class: 'toc' },
      tables.map((made) => el('a', { href: `#table-${made.name}` }, `${made.title} (${count(made.rows)})`)))));
    present.push(['tables', t('NAV_TABLES')]);
  }
  holder.append(...tables.map((made) => made.element), ...aboutSection(report));
  present.push(['glossary', t('NAV_GLOSSARY')]);
  navigation(present);
  onPaper(() => {
    const folded = [...document.querySelectorAll('details:not([open])')];
    folded.forEach((d) => { d.open = true; });
    return () => folded.forEach((d) => { d.open = false; });
  });
  listenForPrinting();
  document.documentElement.classList.add('ready');
}

start();
