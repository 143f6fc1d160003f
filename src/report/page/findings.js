// Each finding with what it rests on: bytes, decoding, packets, hash, and the first hits.
import { el, section } from './dom.js';
import { chain, originPairs, pairs, whereText } from './details.js';
import { bytes, count, time } from './numbers.js';

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'];
const LEAKS_SHOWN = 5;   // of one finding: each is different
const OTHERS_SHOWN = 2;  // connections and the like: the tables have them all
const FIRST_FINDINGS = 20;

const WHAT = {
  flight_path: 'Flight path', position: 'Positions', place_reference: 'Place', serial: 'Serial number',
  identifier: 'Identifier', media: 'Photo or video', log_file: 'Log file', text: 'Known text',
};

function hitsTable(hits) {
  if (!Array.isArray(hits) || hits.length === 0) return null;
  const rows = hits.slice(0, 20).filter((h) => h && typeof h === 'object');
  return el('div', { class: 'table-scroll' }, el('table', { class: 'hits' },
    el('caption', {}, `First hits${hits.length > 20 ? ` (20 of ${count(hits.length)} kept)` : ''}`),
    el('thead', {}, el('tr', {}, ['Offset', 'Length', 'What stands there', 'Distance'].map((t) => el('th', { scope: 'col' }, t)))),
    el('tbody', {}, rows.map((h) => el('tr', {},
      el('td', { class: 'number' }, count(h.offset)),
      el('td', { class: 'number' }, count(h.length)),
      el('td', {}, h.text === undefined || h.text === null ? '\u2013' : el('code', {}, h.text)),
      el('td', { class: 'number' }, typeof h.distance_m === 'number' ? `${h.distance_m.toFixed(1)} m` : '\u2013'))))));
}

function leakFact(leak, extra, flow) {
  const times = extra && extra.matched_from
    ? `${time(extra.matched_from)} to ${time(extra.matched_to)} UTC` : null;
  return el('div', { class: 'fact' },
    el('h4', {}, WHAT[leak.what] || 'Hit', leak.points ? `: ${count(leak.points)} points` : ''),
    leak.claim ? el('p', { class: 'claim' }, leak.claim) : null,
    pairs([
      ['Addressed to', leak.destination],
      ['Connection', flow ? `${flow.src}:${flow.src_port} to ${flow.dst}:${flow.dst_port} (${flow.service || flow.proto})` : leak.flow],
      ['Sent at', extra && extra.at ? `${time(extra.at)} UTC` : null],
      ['Matched part of the flight', times],
      ['Decoding', chain(leak.decoding)],
      ['Evidence', leak.evidence_bits ? `${count(Math.round(leak.evidence_bits))} bits${leak.datum ? `, ${leak.datum}` : ''}` : leak.datum],
      ...originPairs(leak).filter(([name]) => name !== 'Decoding'),
    ]),
    extra ? hitsTable(extra.hits) : null);
}

function otherFact(id, row) {
  if (!row) return el('div', { class: 'fact' }, el('p', {}, el('code', {}, id)));
  const kind = id.replace(/-.*$/, '');
  const name = row.host || (row.dst ? `${row.dst}${row.dst_port === null ? '' : `:${row.dst_port}`}` : '') || row.path || row.title || row.name || row.serial || row.value || row.format || '';
  return el('div', { class: 'fact' },
    el('h4', {}, kind.charAt(0).toUpperCase() + kind.slice(1), name ? `: ${name}` : ''),
    pairs([['Bytes sent', row.bytes_out === undefined || row.bytes_out === null ? null : bytes(row.bytes_out)], ...originPairs(row)]));
}

export function findingsSection(report, tracks, index) {
  const findings = (report.findings || []).slice()
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const precautions = new Map();
  for (const p of report.precautions || []) for (const id of p.findings || []) precautions.set(id, p);

  const card = (finding) => {
    const facts = finding.facts || [];
    const precaution = precautions.get(finding.id);
    const limit = facts.some((id) => id.startsWith('leak-')) ? LEAKS_SHOWN : OTHERS_SHOWN;
    const told = facts.slice(0, limit).map((id) => {
      const row = index.get(id);
      return row && id.startsWith('leak-')
        ? leakFact(row, tracks && tracks.leaks ? tracks.leaks[id] : null, index.get(row.flow)) : otherFact(id, row);
    });
    const to = (finding.destinations || []).filter(Boolean)
      .map((d) => (index.has(d) ? index.get(d).host || d : d));
    return el('article', { class: `finding ${SEVERITIES.includes(finding.severity) ? finding.severity : 'info'}`, id: finding.id },
      el('header', {}, el('span', { class: 'severity' }, finding.severity || 'info'),
        el('h3', {}, finding.statement || finding.rule || finding.id)),
      pairs([
        ['Precaution', precaution ? `${precaution.title} (${precaution.source})` : null],
        ['Rule', finding.rule], ['Addressed to', to.join(', ')],
      ]),
      told.length ? el('details', { open: true }, el('summary', {}, `What it rests on (${count(facts.length)} ${facts.length === 1 ? 'row' : 'rows'})`),
        told, facts.length > limit
          ? el('p', { class: 'hint' }, `${count(facts.length - limit)} more: ${facts.slice(limit, limit + 20).join(', ')}${facts.length > limit + 20 ? ' \u2026' : ''}`) : null) : null,
      el('p', { class: 'hint' }, 'The bytes behind it: ', el('code', {}, `leash explain CASE ${finding.id}`)));
  };

  const holder = el('div', { class: 'findings' }, findings.slice(0, FIRST_FINDINGS).map(card));
  let shown = Math.min(FIRST_FINDINGS, findings.length);
  const more = el('button', { type: 'button', class: 'more', onclick: () => {
    holder.append(...findings.slice(shown, shown + FIRST_FINDINGS).map(card));
    shown = Math.min(shown + FIRST_FINDINGS, findings.length);
    label();
  } });
  const label = () => {
    more.hidden = shown === findings.length;
    more.textContent = `Show more findings (${count(findings.length - shown)} left)`;
  };
  label();
  return section('findings', 'Findings',
    findings.length ? holder : el('p', {}, 'No finding. That rests on what could be read; see the coverage above.'), more,
    searchNote(tracks && tracks.search));
}

// The ground under every "not found".
function searchNote(search) {
  if (!search || !search.searches) return null;
  const hits = search.expected_false_hits;
  return el('p', { class: 'hint' },
    `Search for known values: ${bytes(search.bytes_searched)} in ${count(search.views)} views (streams, bodies and what was unpacked from them); `,
    search.bytes_not_decoded ? `${bytes(search.bytes_not_decoded)} of them could only be searched as raw bytes; ` : '',
    `${count(search.candidates)} chance-like ${search.candidates === 1 ? 'hit' : 'hits'} kept out of the findings; `,
    typeof hits === 'number' ? `expected false findings: ${hits < 0.001 ? hits.toExponential(1) : hits.toFixed(3)}.` : 'expected false findings: unknown.');
}

export { whereText };
