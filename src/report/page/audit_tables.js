// The nine tables that published audits print, T1 to T9: what the case's own queries gave.
import { el, section } from './dom.js';
import { table } from './table.js';
import { bytes, count } from './numbers.js';
import { fieldName, t, valueName } from './words.js';

const BYTES = new Set(['bytes_out', 'bytes_in', 'opaque_out']);
const CLOSED = new Set(['party', 'mode', 'phase', 'severity', 'verdict', 'applies', 'kind', 'source_confidence', 'readable', 'signature', 'state', 'sent_encrypted', 'operator_position']);
// "CG24-R3 attested, BUL-7 attested"
const consent = (v) => v.split(', ').map((one) => one.split(' ').map((word, i) => (i ? valueName(word) : word)).join(' ')).join(', ');
// "wifi_beacon: time_implausible, operator_far"; other details are free text
const detail = (v) => (/^\w+(: \w+(, \w+)*)?$/.test(v) ? v.replace(/\w+/g, (word) => valueName(word)) : v);
// The ids of many findings would make a row of a screen's height; what is copied has all of them.
const LISTED = 6;
const few = (v) => {
  const ids = v.split(' ');
  return ids.length > LISTED + 1 ? `${ids.slice(0, LISTED).join(' ')} ${t('AND_MORE', count(ids.length - LISTED))}` : v;
};
const said = (name, v) => (CLOSED.has(name) ? valueName(v) : name === 'consent' ? consent(v) : name === 'detail' ? detail(v) : name === 'findings' ? few(v) : v);
// On paper the precautions stand above with all that is said of them: of this table the first rows show its form.
const PAPER_ROWS = { T5: 6 };
const NOT_ON_PAPER = new Set(['source', 'source_confidence', 'next_step']);

const column = (name, i, rows) => {
  const number = rows.every((row) => row[i] === null || typeof row[i] === 'number') && rows.some((row) => row[i] !== null);
  const show = BYTES.has(name) ? (v) => bytes(v) : (v) => (number ? count(v) : said(name, v));
  return {
    title: fieldName(name),
    value: (row) => row[i], number, minor: NOT_ON_PAPER.has(name),
    show: (row) => (row[i] === null ? null : show(row[i])),
    wide: !number && rows.some((row) => typeof row[i] === 'string' && row[i].length > 40),
  };
};

const one = (name, made) => el('section', { id: `audit-${name}`, class: 'audit-table', 'aria-labelledby': `audit-${name}-title` },
  el('h3', { id: `audit-${name}-title` }, `${name}  ${t(`TABLE_${name}`)}`),
  made.rows.length === 0 ? el('p', { class: 'none' }, t(`WITHOUT_${name}`))
    : table(made.rows, made.columns.map((c, i) => column(c, i, made.rows)), { label: `${name} ${t(`TABLE_${name}`)}`, first: 6, paper: PAPER_ROWS[name] }),
  made.left_out > 0 ? el('p', { class: 'limits' }, t('TABLE_CUT', count(made.left_out))) : null);

export function auditTables(tables) {
  if (!tables || tables.problem) return null;
  return section('audit-tables-all', t('HEAD_AUDIT_TABLES'), el('p', { class: 'lead' }, t('LEAD_AUDIT_TABLES')),
    Object.entries(tables).map(([name, made]) => one(name, made)));
}
