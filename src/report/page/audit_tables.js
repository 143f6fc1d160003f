// The nine tables that published audits print, T1 to T9: what the case's own queries gave.
import { el, section } from './dom.js';
import { table } from './table.js';
import { bytes, count } from './numbers.js';

const SHORT = { asn: 'ASN', as: 'AS', tls: 'TLS', mac: 'MAC', fcc: 'FCC', sdks: 'SDKs', sdk: 'SDK', id: 'ID' };
const titleOf = (name) => name.split('_').map((word) => SHORT[word] || word).join(' ').replace(/^[a-z]/, (c) => c.toUpperCase());

const BYTES = new Set(['bytes_out', 'bytes_in', 'opaque_out']);

const column = (name, i, rows) => {
  const number = rows.every((row) => row[i] === null || typeof row[i] === 'number') && rows.some((row) => row[i] !== null);
  const show = BYTES.has(name) ? (v) => bytes(v) : (v) => (number ? count(v) : v);
  return {
    title: titleOf(name),
    value: (row) => row[i], number,
    show: (row) => (row[i] === null ? null : show(row[i])),
    wide: !number && rows.some((row) => typeof row[i] === 'string' && row[i].length > 40),
  };
};

const one = (name, t) => el('section', { id: `audit-${name}`, class: 'audit-table' },
  el('h3', {}, `${name}  ${t.title}`),
  t.rows.length === 0 ? el('p', { class: 'none' }, t.without)
    : table(t.rows, t.columns.map((c, i) => column(c, i, t.rows)), { label: `${name} ${t.title}`, first: 6 }),
  t.left_out > 0 ? el('p', { class: 'limits' }, `${count(t.left_out)} more rows are in the case and in the CSV of this table.`) : null);

export function auditTables(tables) {
  if (!tables || tables.problem) return null;
  const all = Object.entries(tables);
  return section('audit-tables-all', 'Audit tables',
    el('p', { class: 'lead' }, 'The tables that published audits of drones print. Each is one query over the case; the documentation of the case has them, and "leash report --format csv" writes them.'),
    all.map(([name, t]) => one(name, t)));
}
