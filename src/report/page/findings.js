// Each finding with what it rests on: bytes, decoding, packets, hash, and the first hits.
import { el, section } from './dom.js';
import { chain, originPairs, pairs } from './details.js';
import { bytes, count, decimal, time } from './numbers.js';
import { onPaper } from './paper.js';
import { fieldName, recorded, t, told, valueName } from './words.js';

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'];
const LEAKS_SHOWN = 5;   // of one finding: each is different
const OTHERS_SHOWN = 2;  // connections and the like: the tables have them all
const FIRST_FINDINGS = 20;
const FINDINGS_ON_PAPER = 200;
const HITS_SHOWN = 20;
const IDS_SHOWN = 20;

// The bytes themselves, as they stand in what was sent, in hexadecimal.
const hex = (text) => [...new TextEncoder().encode(text)].slice(0, 48).map((b) => b.toString(16).padStart(2, '0')).join(' ');

function hitsTable(hits) {
  if (!Array.isArray(hits) || hits.length === 0) return null;
  const rows = hits.slice(0, HITS_SHOWN).filter((h) => h && typeof h === 'object');
  const dash = '\u2013';
  return el('div', { class: 'table-scroll', tabindex: 0, role: 'group', 'aria-label': t('FIRST_HITS') }, el('table', { class: 'hits' },
    el('caption', {}, hits.length > HITS_SHOWN ? t('FIRST_HITS_OF', HITS_SHOWN, count(hits.length)) : t('FIRST_HITS')),
    el('thead', {}, el('tr', {}, ['offset', 'length', 'stands_there', 'bytes_there', 'distance_m'].map((name) => el('th', { scope: 'col' }, fieldName(name))))),
    el('tbody', {}, rows.map((h) => {
      const text = typeof h.text === 'string' && h.text !== '' ? h.text : null;
      return el('tr', {},
        el('td', { class: 'number' }, count(h.offset)),
        el('td', { class: 'number' }, count(h.length)),
        el('td', {}, text ? el('code', {}, text) : dash),
        el('td', {}, text ? el('code', { class: 'hex' }, hex(text)) : dash),
        el('td', { class: 'number' }, typeof h.distance_m === 'number' ? `${decimal(h.distance_m.toFixed(1))} m` : dash));
    }))));
}

const endpoint = (address, port) => `${address}${port === null || port === undefined ? '' : `:${port}`}`;

function leakFact(leak, extra, flow) {
  return el('div', { class: 'fact' },
    el('h4', {}, valueName(leak.what) || t('HIT'), leak.points ? `: ${t('POINTS', count(leak.points))}` : ''),
    leak.claim ? el('p', { class: 'claim', lang: recorded(leak.claim) }, told(leak.claim)) : null,
    pairs([
      [fieldName('destination'), leak.destination],
      [fieldName('connection'), flow ? t('FROM_TO_BY', endpoint(flow.src, flow.src_port), endpoint(flow.dst, flow.dst_port), flow.service || flow.proto) : leak.flow],
      [fieldName('sent_at'), extra && extra.at ? `${time(extra.at)} UTC` : null],
      [fieldName('matched_part'), extra && extra.matched_from ? t('FROM_TO', time(extra.matched_from), time(extra.matched_to)) : null],
      [fieldName('decoding'), chain(leak.decoding)],
      [fieldName('evidence_bits'), leak.evidence_bits ? `${t('BITS', count(Math.round(leak.evidence_bits)))}${leak.datum ? `, ${leak.datum}` : ''}` : leak.datum],
      ...originPairs(leak).filter(([name]) => name !== fieldName('decoding')),
    ]),
    extra ? hitsTable(extra.hits) : null);
}

function otherFact(id, row) {
  if (!row) return el('div', { class: 'fact' }, el('p', {}, el('code', {}, id)));
  const name = row.host || (row.dst ? endpoint(row.dst, row.dst_port) : '') || row.path || row.title || row.name || row.serial || row.value || row.format || '';
  return el('div', { class: 'fact' },
    el('h4', {}, valueName(id.replace(/-.*$/, '')), name ? `: ${name}` : ''),
    pairs([[fieldName('bytes_out'), row.bytes_out === undefined || row.bytes_out === null ? null : bytes(row.bytes_out)], ...originPairs(row)]));
}

// The name of a publication is not translated.
const source = (precaution) => el('cite', { lang: recorded(precaution.source) }, told(precaution.source));

function card(finding, index, tracks, precaution) {
  const facts = finding.facts || [];
  const limit = facts.some((id) => id.startsWith('leak-')) ? LEAKS_SHOWN : OTHERS_SHOWN;
  const shown = facts.slice(0, limit).map((id) => {
    const row = index.get(id);
    return row && id.startsWith('leak-')
      ? leakFact(row, tracks && tracks.leaks ? tracks.leaks[id] : null, index.get(row.flow)) : otherFact(id, row);
  });
  const to = (finding.destinations || []).filter(Boolean)
    .map((d) => (index.has(d) ? index.get(d).host || d : d));
  const severity = SEVERITIES.includes(finding.severity) ? finding.severity : 'info';
  const hidden = facts.slice(limit, limit + IDS_SHOWN);
  return el('article', { class: `finding ${severity}`, id: finding.id },
    el('header', {}, el('span', { class: 'severity' }, valueName(severity)),
      el('h3', { lang: recorded(finding.statement) }, told(finding.statement) || finding.rule || finding.id)),
    pairs([
      [fieldName('precaution'), precaution ? [el('span', { lang: recorded(precaution.title) }, told(precaution.title)), ' (', source(precaution), ')'] : null],
      [fieldName('rule'), finding.rule], [fieldName('destination'), to.join(', ')],
    ]),
    shown.length ? el('details', { open: true }, el('summary', {}, t('RESTS_ON', count(facts.length))),
      shown, facts.length > limit
        ? el('p', { class: 'hint' }, t('AND_MORE', count(facts.length - limit)), ': ', hidden.join(', '), facts.length > limit + IDS_SHOWN ? ' \u2026' : '') : null) : null,
    el('p', { class: 'hint' }, t('BYTES_BEHIND'), ' ', el('code', {}, `leash explain CASE ${finding.id}`)));
}

export function findingsSection(report, tracks, index) {
  const findings = (report.findings || []).slice()
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const precautions = new Map();
  for (const p of report.precautions || []) for (const id of p.findings || []) precautions.set(id, p);
  const cardOf = (finding) => card(finding, index, tracks, precautions.get(finding.id));

  const holder = el('div', { class: 'findings' }, findings.slice(0, FIRST_FINDINGS).map(cardOf));
  const left = el('p', { class: 'limits paper-only' });
  let shown = Math.min(FIRST_FINDINGS, findings.length);
  const more = el('button', { type: 'button', class: 'more', onclick: () => {
    holder.append(...findings.slice(shown, shown + FIRST_FINDINGS).map(cardOf));
    shown = Math.min(shown + FIRST_FINDINGS, findings.length);
    label();
  } });
  const label = () => {
    more.hidden = shown === findings.length;
    more.textContent = t('MORE_FINDINGS', count(findings.length - shown));
    left.hidden = shown === findings.length;
    left.textContent = t('FINDINGS_LEFT', count(findings.length - shown));
  };
  label();
  onPaper(() => {
    const screen = shown;
    shown = Math.max(shown, Math.min(findings.length, FINDINGS_ON_PAPER));
    holder.append(...findings.slice(screen, shown).map(cardOf));
    label();
    return () => {
      while (holder.childElementCount > screen) holder.lastChild.remove();
      shown = screen;
      label();
    };
  });
  return section('findings', t('HEAD_FINDINGS'),
    findings.length ? holder : el('p', {}, t('NO_FINDING')), more, left,
    searchNote(tracks && tracks.search));
}

// The ground under every "not found".
function searchNote(search) {
  if (!search || !search.searches) return null;
  const hits = search.expected_false_hits;
  return el('p', { class: 'hint' },
    t('SEARCHED', bytes(search.bytes_searched), count(search.views)), ' ',
    search.bytes_not_decoded ? `${t('SEARCHED_RAW', bytes(search.bytes_not_decoded))} ` : '',
    t('SEARCHED_CHANCE', count(search.candidates), typeof hits === 'number' ? decimal(hits < 0.001 ? hits.toExponential(1) : hits.toFixed(3)) : null));
}
