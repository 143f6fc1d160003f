// Where a row was read: what lets a third person check it by hand.
import { el } from './dom.js';
import { count } from './numbers.js';

let report = null;
let evidence = new Map();

export function useReport(r) {
  report = r;
  evidence = new Map((r.evidence || []).map((e) => [e.sha256, e]));
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
    parts.push(first === last ? `packet ${count(first)}` : `packets ${count(first)} to ${count(last)}`);
  }
  if (origin.offset !== undefined) {
    parts.push(`${origin.length === undefined ? '' : `${count(origin.length)} bytes `}at offset ${count(origin.offset)}`);
  }
  return parts.length ? parts.join(', ') : null;
}

export const chain = (steps) => (steps && steps.length
  ? el('ol', { class: 'chain' }, steps.map((s) => el('li', {}, s))) : null);

export function pairs(entries) {
  return el('dl', { class: 'pairs' }, entries
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

export function originPairs(row) {
  const file = fileOf(row.evidence);
  return [
    ['File', file],
    ['Where', whereText(row.origin)],
    ['Decoding', row.origin && chain(row.origin.steps)],
    ['Worked out from', row.origin && row.origin.rows && row.origin.rows.length ? row.origin.rows.join(', ') : null],
    ['SHA-256', row.evidence ? el('code', {}, row.evidence) : null],
    ['Row', row.id ? el('code', {}, row.id) : null],
  ];
}

const readable = (value) => {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    if (value.length === 0) return null;
    return value.map((v) => (v !== null && typeof v === 'object' ? JSON.stringify(v) : v === null ? 'unknown' : v)).join(', ');
  }
  if (typeof value === 'object') {
    const members = Object.entries(value).filter(([, v]) => v !== null);
    return members.length ? members.map(([k, v]) => `${k}: ${Array.isArray(v) ? v.join(', ') : v}`).join('; ') : null;
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
};

// Every member of a row, then where it was read.
export function rowDetails(row) {
  const fields = Object.entries(row).filter(([name]) => !['id', 'evidence', 'origin'].includes(name))
    .map(([name, value]) => [name.replace(/_/g, ' '), readable(value)]);
  return [pairs(fields), pairs(originPairs(row))];
}

export const currentReport = () => report;
