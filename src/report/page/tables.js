// The tables: which columns each kind of row has.
import { el, section } from './dom.js';
import { rowDetails, fileOf } from './details.js';
import { table } from './table.js';
import { bytes, count, degrees, duration, list, time } from './numbers.js';
import { nameOf } from './countries.js';
import { fieldName, recorded, t, told, valueName } from './words.js';

const VERDICTS = ['not_met', 'not_shown', 'attested', 'met', 'not_applicable'];

const text = (name, more) => ({ title: fieldName(name), value: (r) => r[name], ...more });
const sentence = (name, more) => ({ title: fieldName(name), value: (r) => told(r[name]), wide: true, lang: (r) => recorded(r[name]), ...more });
const closed = (name, more) => ({ title: fieldName(name), value: (r) => valueName(r[name]), ...more });
const amount = (name, more) => ({ title: fieldName(name), value: (r) => r[name], show: (r) => (r[name] === null || r[name] === undefined ? null : bytes(r[name])), number: true, ...more });
const number = (name, more) => ({ title: fieldName(name), value: (r) => r[name], show: (r) => (r[name] === null || r[name] === undefined ? null : count(r[name])), number: true, ...more });
const moment = (name) => ({ title: fieldName(`${name}_utc`), value: (r) => time(r[name]), order: (r) => r[name], pair: true });
const real = (name) => ({ title: fieldName(name), value: (r) => (typeof r[name] === 'number' ? Math.round(r[name] * 100) / 100 : null), number: true });
const items = (name, more) => ({ title: fieldName(name), value: (r) => list(r[name]), ...more });
const code = (name) => ({ title: fieldName(name), value: (r) => r[name], show: (r) => (r[name] ? el('code', {}, r[name]) : null) });
const file = () => ({ title: fieldName('file'), value: (r) => fileOf(r.evidence), wide: true });
const country = (name) => ({ title: fieldName(name), value: (r) => (r[name] ? nameOf(r[name]) : null) });
const place = (name) => ({ title: fieldName(name), value: (r) => (Array.isArray(r[name]) && typeof r[name][0] === 'number' && Math.abs(r[name][1]) <= 90 ? degrees(r[name][1], r[name][0]) : null), pair: true });
const endpoint = (title, address, port) => ({ title: fieldName(title), value: (r) => (r[address] ? `${r[address]}${r[port] === null || r[port] === undefined ? '' : `:${r[port]}`}` : null) });

export const destinationsTable = (rows) => (rows.length === 0 ? null : table(rows, [
  { title: fieldName('host'), value: (r) => r.host || list(r.addresses), show: (r) => [el('strong', {}, r.host || list(r.addresses)), r.host && r.addresses && r.addresses.length ? el('small', {}, list(r.addresses.slice(0, 3)), r.addresses.length > 3 ? ' \u2026' : '') : null], wide: true },
  { title: fieldName('owner'), value: (r) => [r.owner, told(r.purpose)].filter(Boolean).join(' '), show: (r) => (r.owner || r.purpose ? [r.owner || t('TO_OWNER_UNKNOWN'), r.purpose ? el('small', { lang: recorded(r.purpose) }, told(r.purpose)) : null] : null), wide: true },
  closed('party'), country('operator_country'), country('registry_country'), country('location_country'),
  { title: fieldName('network'), value: (r) => [r.asn ? `AS${r.asn}` : '', r.as_name].filter(Boolean).join(' ') },
  amount('bytes_out'), amount('bytes_in'), number('flows', { minor: true }),
], { label: t('HEAD_DESTINATIONS'), details: rowDetails, first: 15, sort: [7, true] }));

// precaution-bul-2-1 is of the rule BUL-2
const ruleOf = (row) => String(row.id || '').replace(/^precaution-/, '').replace(/-\d+$/, '').toUpperCase();

export function precautionsSection(report) {
  const rows = report.precautions || [];
  if (rows.length === 0) return null;
  const counted = rows.filter((r) => r.source_confidence !== 'from_memory');
  const fromMemory = rows.filter((r) => r.source_confidence === 'from_memory');
  const judged = (these, label) => table(these, [
    { title: fieldName('verdict'), value: (r) => valueName(r.verdict), order: (r) => VERDICTS.indexOf(r.verdict), show: (r) => el('span', { class: `outcome ${VERDICTS.includes(r.verdict) ? r.verdict : ''}` }, valueName(r.verdict) || t('UNKNOWN')) },
    { title: fieldName('precaution'), value: (r) => `${told(r.title) || ''} ${ruleOf(r)} ${r.source || ''}`, show: (r) => [el('strong', { lang: recorded(r.title) }, told(r.title) || '\u2013'), el('small', {}, `${ruleOf(r)}: `, el('cite', { lang: recorded(r.source) }, told(r.source) || ''))], wide: true },
    sentence('reason'), sentence('coverage'),
    items('needs', { value: (r) => list((r.needs || []).map(told)), show: (r) => (r.needs && r.needs.length ? el('ul', { class: 'needs' }, r.needs.map((n) => el('li', { lang: recorded(n) }, told(n)))) : null) }),
  ], { label, details: rowDetails, first: 30, paper: 200, sort: [0, false] });
  return section('precautions', t('HEAD_PRECAUTIONS'),
    el('p', { class: 'lead' }, t('LEAD_PRECAUTIONS')),
    counted.length ? judged(counted, t('HEAD_PRECAUTIONS')) : null,
    fromMemory.length ? [el('h3', {}, t('HEAD_FROM_MEMORY')), el('p', { class: 'lead' }, t('LEAD_FROM_MEMORY')), judged(fromMemory, t('HEAD_FROM_MEMORY'))] : null);
}

const flowColumns = () => [
  moment('first'), { title: fieldName('host'), value: (r) => r.host, show: (r) => (r.host ? [r.host, el('small', {}, r.host_source === 'none' || !r.host_source ? '' : t('NAMED_BY', valueName(r.host_source)))] : null), wide: true },
  endpoint('from', 'src', 'src_port'), endpoint('to', 'dst', 'dst_port'), { title: fieldName('proto'), value: (r) => [r.proto, r.service].filter(Boolean).join(' / ') },
  amount('bytes_out'), amount('bytes_in'), amount('readable_out', { minor: true }), amount('opaque_out'), closed('phase', { minor: true })];

const PERSON = ['live', 'app', 'takeoff', 'home', 'fixed'];

const KINDS = [
  ['flights', () => [
    moment('start'), { title: fieldName('duration_s'), value: (r) => r.duration_s, show: (r) => (r.duration_s === null || r.duration_s === undefined ? null : duration(r.duration_s)), number: true },
    text('aircraft_serial'), number('points'), number('operator_points'),
    place('home'), { title: fieldName('app'), value: (r) => [r.app, r.app_version].filter(Boolean).join(' ') },
    number('encrypted_records', { minor: true }), text('format', { minor: true }), file()]],
  ['messages', () => [
    { title: fieldName('at'), value: (r) => (r.time ? `${time(r.time)} UTC` : null), order: (r) => r.time, pair: true }, real('since_s'), closed('level'), text('text', { wide: true }), file()]],
  ['media', () => [
    { title: fieldName('taken'), value: (r) => (r.taken ? `${time(r.taken)} UTC` : r.taken_local ? t('LOCAL_TIME', time(r.taken_local)) : null), pair: true },
    place('position'), text('model'), items('serials'),
    number('timed_points', { minor: true }), text('format', { minor: true }), file()]],
  ['devices', () => [
    closed('role'), text('vendor'), text('model'), code('serial'), code('mac'),
    text('name'), { title: fieldName('covered_list'), value: (r) => (r.covered_list === null || r.covered_list === undefined ? null : t(r.covered_list ? 'MAKER_LISTED' : 'MAKER_NOT_LISTED')) }]],
  ['identifiers', () => [closed('kind'), code('value'), text('device'), file()]],
  ['leaks', () => [
    closed('what'), text('destination'), sentence('claim'), number('points'), items('decoding', { value: (r) => list((r.decoding || []).map(told)) })]],
  ['flows', flowColumns],
  ['requests', () => [
    text('method'), text('host', { wide: true }), { title: fieldName('path'), value: (r) => r.path, show: (r) => (r.path ? el('code', {}, String(r.path).length > 120 ? `${String(r.path).slice(0, 120)}\u2026` : r.path) : null), wide: true },
    number('status'), text('content_type'), amount('body_bytes'), text('user_agent', { wide: true })]],
  ['dns', () => [
    moment('at'), text('name', { wide: true }), text('type'), items('answers', { wide: true }), text('client'), text('server')]],
  ['behaviours', () => [
    closed('kind'), sentence('statement'), sentence('likelihood', { wide: false })]],
  ['broadcasts', () => [
    moment('at'), closed('kind'), closed('carrier'), code('uas_id'), place('position'),
    place('operator_position'), text('operator_id'), items('anomalies', { value: (r) => list((r.anomalies || []).map(valueName)) })]],
  ['exposures', () => [
    code('uas_id'), closed('carrier'), { title: fieldName('operator_source'), value: (r) => (PERSON.includes(r.operator_source) ? t(`PERSON_${r.operator_source}`) : r.operator_source) },
    moment('first'), moment('last'), real('told_s'), number('told'), real('interval_s'), number('places'), real('moved_m'), real('resolution_m'), place('position')]],
  ['packages', () => [
    text('package'), closed('kind'), text('version'), items('permissions', { wide: true }), closed('signature'), closed('readable')]],
  ['components', () => [
    text('name'), closed('kind'), text('version'), text('owner'), country('country'), closed('state'), text('package')]],
  ['evidence', () => [
    { title: fieldName('file'), value: (r) => r.path, wide: true }, text('kind'), amount('bytes'),
    { title: fieldName('status'), value: (r) => valueName(r.status), show: (r) => (r.status ? el('span', { class: `status ${r.status === 'read' ? '' : 'warn'}` }, valueName(r.status)) : null) },
    sentence('note'), code('sha256')]],
];

// `lists` are the lists of the report, with all the connections of the page among them.
export function tableSections(lists) {
  return KINDS.filter(([name]) => Array.isArray(lists[name]) && lists[name].length > 0).map(([name, columns]) => {
    const title = t(`HEAD_LIST_${name}`);
    return { name, title, rows: lists[name].length, element: section(`table-${name}`, title,
      el('p', { class: 'lead' }, t(`LEAD_LIST_${name}`)), table(lists[name], columns(), { label: title, details: rowDetails })) };
  });
}
