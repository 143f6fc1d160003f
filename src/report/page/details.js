// Where a row was read: what lets a third person check it by hand.
import { el } from './dom.js';
import { count } from './numbers.js';
import { fieldName, recorded, t, told, valueName } from './words.js';

let evidence = new Map();

export function useReport(report) {
  evidence = new Map((report.evidence || []).map((e) => [e.sha256, e]));
}

export const fileOf = (sha256) => {
  const item = evidence.get(sha256);
  return item ? item.path : null;
};

export function whereText(origin) {
  if (!origin) return null;
  const parts = [];
  if (origin.packets) {
    const [first, last] = origin.packets;
    parts.push(first === last ? t('PACKET', count(first)) : t('PACKETS', count(first), count(last)));
  }
  if (origin.offset !== undefined) {
    parts.push(origin.length === undefined ? t('AT_OFFSET', count(origin.offset)) : t('BYTES_AT_OFFSET', count(origin.length), count(origin.offset)));
  }
  return parts.length ? parts.join(', ') : null;
}

export const chain = (steps) => (steps && steps.length
  ? el('ol', { class: 'chain' }, steps.map((s) => el('li', { lang: recorded(s) }, told(s)))) : null);

export function pairs(entries) {
  return el('dl', { class: 'pairs' }, entries
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

export function originPairs(row) {
  return [
    [fieldName('file'), fileOf(row.evidence)],
    [fieldName('where'), whereText(row.origin)],
    [fieldName('decoding'), row.origin && chain(row.origin.steps)],
    [fieldName('worked_out_from'), row.origin && row.origin.rows && row.origin.rows.length ? row.origin.rows.join(', ') : null],
    ['SHA-256', row.evidence ? el('code', {}, row.evidence) : null],
    [fieldName('row'), row.id ? el('code', {}, row.id) : null],
  ];
}

const CLOSED = new Set(['verdict', 'applies', 'kind', 'status', 'party', 'severity', 'role', 'host_source', 'phase', 'what', 'state', 'readable', 'signature', 'source_confidence', 'time_basis', 'alt_ref']);

const SENTENCES = new Set(['title', 'section', 'reason', 'coverage', 'needs', 'next_step', 'statement', 'claim', 'likelihood', 'note', 'purpose', 'decoding']);

const readable = (name, value) => {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    if (value.length === 0) return null;
    return value.map((v) => (v !== null && typeof v === 'object' ? JSON.stringify(v) : v === null ? t('UNKNOWN') : SENTENCES.has(name) ? told(v) : v)).join(', ');
  }
  if (typeof value === 'object') {
    const members = Object.entries(value).filter(([, v]) => v !== null);
    return members.length ? members.map(([k, v]) => `${k}: ${Array.isArray(v) ? v.join(', ') : v}`).join('; ') : null;
  }
  if (typeof value === 'boolean') return t(value ? 'YES' : 'NO');
  if (name === 'source') return el('cite', { lang: recorded(value) }, told(value));
  if (SENTENCES.has(name)) return el('span', { lang: recorded(value) }, told(value));
  return CLOSED.has(name) ? valueName(value) : String(value);
};

// Every member of a row, then where it was read.
export function rowDetails(made) {
  const row = made.whole ? made.whole() : made;
  const fields = Object.entries(row).filter(([name]) => !['id', 'evidence', 'origin'].includes(name))
    .map(([name, value]) => [fieldName(name), readable(name, value)]);
  return [pairs(fields), pairs(originPairs(row))];
}
