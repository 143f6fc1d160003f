// The tables: which columns each kind of row has.
import { el, section } from './dom.js';
import { rowDetails, fileOf } from './details.js';
import { table } from './table.js';
import { bytes, count, degrees, duration, list, time } from './numbers.js';
import { nameOf } from './countries.js';

const VERDICTS = { not_met: 'not met', not_shown: 'cannot tell', attested: 'vouched for', met: 'met', not_applicable: 'not applicable' };
const PARTIES = { vendor: 'maker', third: 'third party', operator: 'your own', local: 'local', unknown: 'unknown' };

const text = (title, name, more) => ({ title, value: (r) => r[name], ...more });
const amount = (title, name) => ({ title, value: (r) => (r[name] === null || r[name] === undefined ? null : bytes(r[name])), order: (r) => r[name], number: true });
const number = (title, name) => ({ title, value: (r) => r[name], show: (r) => (r[name] === null || r[name] === undefined ? null : count(r[name])), number: true });
const moment = (title, name) => ({ title, value: (r) => time(r[name]), order: (r) => r[name] });
const items = (title, name, more) => ({ title, value: (r) => list(r[name]), ...more });
const code = (title, name) => ({ title, value: (r) => r[name], show: (r) => (r[name] ? el('code', {}, r[name]) : null) });
const file = { title: 'File', value: (r) => fileOf(r.evidence), wide: true };
const country = (title, name) => ({ title, value: (r) => (r[name] ? nameOf(r[name]) : null) });
const place = (title, name) => ({ title, value: (r) => (Array.isArray(r[name]) && typeof r[name][0] === 'number' && Math.abs(r[name][1]) <= 90 ? degrees(r[name][1], r[name][0]) : null) });
const endpoint = (title, address, port) => ({ title, value: (r) => (r[address] ? `${r[address]}${r[port] === null || r[port] === undefined ? '' : `:${r[port]}`}` : null) });

export const destinationsTable = (rows) => (rows.length === 0 ? null : table(rows, [
  { title: 'Host', value: (r) => r.host || list(r.addresses), show: (r) => [el('strong', {}, r.host || list(r.addresses)), r.host && r.addresses && r.addresses.length ? el('small', {}, list(r.addresses.slice(0, 3)), r.addresses.length > 3 ? ' \u2026' : '') : null], wide: true },
  { title: 'Owner', value: (r) => [r.owner, r.purpose].filter(Boolean).join(' '), show: (r) => (r.owner || r.purpose ? [r.owner || 'owner unknown', r.purpose ? el('small', {}, r.purpose) : null] : null) },
  { title: 'Party', value: (r) => PARTIES[r.party] || r.party },
  country('Run from', 'operator_country'), country('Registered in', 'registry_country'), country('Located in', 'location_country'),
  { title: 'Network', value: (r) => [r.asn ? `AS${r.asn}` : '', r.as_name].filter(Boolean).join(' ') },
  amount('Sent', 'bytes_out'), amount('Received', 'bytes_in'), { ...number('Connections', 'flows'), minor: true },
], { label: 'destinations', details: rowDetails, first: 15, sort: [7, true] }));

// precaution-bul-2-1 is of the rule BUL-2
const ruleOf = (row) => String(row.id || '').replace(/^precaution-/, '').replace(/-\d+$/, '').toUpperCase();

export function precautionsSection(report) {
  const rows = report.precautions || [];
  if (rows.length === 0) return null;
  const order = Object.keys(VERDICTS);
  const counted = rows.filter((r) => r.source_confidence !== 'from_memory');
  const fromMemory = rows.filter((r) => r.source_confidence === 'from_memory');
  const judged = (these, label) => table(these, [
    { title: 'Verdict', value: (r) => VERDICTS[r.verdict] || r.verdict, order: (r) => order.indexOf(r.verdict), show: (r) => el('span', { class: `outcome ${order.includes(r.verdict) ? r.verdict : ''}` }, VERDICTS[r.verdict] || r.verdict || 'unknown') },
    { title: 'Precaution', value: (r) => `${r.title || ''} ${ruleOf(r)} ${r.source || ''}`, show: (r) => [el('strong', {}, r.title || '\u2013'), el('small', {}, `${ruleOf(r)}: ${r.source || ''}`)], wide: true },
    text('Reason', 'reason', { wide: true }), text('What was looked at', 'coverage', { wide: true }),
    items('Would need', 'needs', { show: (r) => (r.needs && r.needs.length ? el('ul', { class: 'needs' }, r.needs.map((n) => el('li', {}, n))) : null) }),
  ], { label, details: rowDetails, first: 30, sort: [0, false] });
  return section('precautions', 'Precautions',
    el('p', { class: 'lead' }, 'Published advice, held against this evidence. "Cannot tell" means that this evidence does not decide it, and says what would.'),
    counted.length ? judged(counted, 'precautions') : null,
    fromMemory.length ? [el('h3', {}, 'Appendix: wording not checked against the original'),
      el('p', { class: 'lead' }, 'These are worded from memory. They are judged, and never count, until the original has been read.'),
      judged(fromMemory, 'precautions worded from memory')] : null);
}

const KINDS = [
  ['flights', 'Flights', 'Flight logs and what they hold.', [
    moment('Start (UTC)', 'start'), { title: 'Duration', value: (r) => (r.duration_s === null ? null : duration(r.duration_s)), order: (r) => r.duration_s, number: true },
    text('Aircraft', 'aircraft_serial'), number('Positions', 'points'), number('Operator positions', 'operator_points'),
    place('Home point', 'home'), { title: 'App', value: (r) => [r.app, r.app_version].filter(Boolean).join(' ') },
    { ...number('Encrypted records', 'encrypted_records'), minor: true }, text('Format', 'format', { minor: true }), file]],
  ['media', 'Photos and videos', 'Pictures and what they tell besides the picture.', [
    { title: 'Taken', value: (r) => (r.taken ? `${time(r.taken)} UTC` : r.taken_local ? `${time(r.taken_local)} local` : null) },
    place('Place', 'position'), text('Camera', 'model'), items('Serial numbers', 'serials'),
    { ...number('Positions in video', 'timed_points'), minor: true }, text('Format', 'format', { minor: true }), file]],
  ['devices', 'Devices', 'Equipment that the evidence names.', [
    text('Role', 'role'), text('Maker', 'vendor'), text('Model', 'model'), code('Serial number', 'serial'), code('Hardware address', 'mac'),
    text('Name', 'name'), { title: 'FCC Covered List', value: (r) => (r.covered_list === null || r.covered_list === undefined ? null : r.covered_list ? 'maker listed' : 'maker not listed') }]],
  ['identifiers', 'Identifiers', 'Values that tell one person or thing from others.', [
    text('Kind', 'kind'), code('Value', 'value'), text('Device', 'device'), file]],
  ['leaks', 'Hits', 'Known values found in what was sent.', [
    text('What', 'what'), text('Addressed to', 'destination'), text('Statement', 'claim', { wide: true }), number('Points', 'points'),
    items('Decoding', 'decoding')]],
  ['flows', 'Connections', 'Every connection in the captures. "Sent" is from the device under test outwards.', [
    moment('First (UTC)', 'first'), { title: 'Host', value: (r) => r.host, show: (r) => (r.host ? [r.host, el('small', {}, r.host_source === 'none' ? '' : `by ${String(r.host_source || '').replace(/_/g, ' ')}`)] : null), wide: true },
    endpoint('From', 'src', 'src_port'), endpoint('To', 'dst', 'dst_port'), { title: 'Protocol', value: (r) => [r.proto, r.service].filter(Boolean).join(' / ') },
    amount('Sent', 'bytes_out'), amount('Received', 'bytes_in'), { ...amount('Readable content sent', 'readable_out'), minor: true }, amount('Not readable', 'opaque_out'),
    text('Phase', 'phase', { minor: true })]],
  ['requests', 'Requests', 'Web requests that could be read.', [
    text('Method', 'method'), { title: 'Host', value: (r) => r.host, wide: true }, { title: 'Path', value: (r) => r.path, show: (r) => (r.path ? el('code', {}, String(r.path).length > 120 ? `${String(r.path).slice(0, 120)}\u2026` : r.path) : null), wide: true },
    number('Status', 'status'), text('Content', 'content_type'), amount('Body sent', 'body_bytes'), text('Program', 'user_agent', { wide: true })]],
  ['dns', 'Name questions', 'Names that were asked for.', [
    moment('Time (UTC)', 'at'), { title: 'Name', value: (r) => r.name, wide: true }, text('Type', 'type'), items('Answers', 'answers', { wide: true }), text('Asked by', 'client'), text('Asked', 'server')]],
  ['behaviours', 'Behaviours', 'Patterns in the traffic. They hint; they prove nothing.', [
    text('Kind', 'kind'), text('Statement', 'statement', { wide: true }), text('Likelihood', 'likelihood')]],
  ['broadcasts', 'Broadcasts', 'What was sent by radio for anyone to hear.', [
    moment('Time (UTC)', 'at'), text('Kind', 'kind'), text('Carrier', 'carrier'), code('Aircraft', 'uas_id'), place('Position', 'position'),
    place('Operator', 'operator_position'), text('Operator ID', 'operator_id'), items('Oddities', 'anomalies')]],
  ['packages', 'Packages', 'Apps and firmware.', [
    text('Package', 'package'), text('Kind', 'kind'), text('Version', 'version'), items('Permissions', 'permissions', { wide: true }),
    text('Signature', 'signature'), text('Readable', 'readable')]],
  ['components', 'Components', 'What the packages are made of.', [
    text('Name', 'name'), text('Kind', 'kind'), text('Version', 'version'), text('Owner', 'owner'), country('Country', 'country'), text('Seen', 'state'), text('Package', 'package')]],
  ['evidence', 'Evidence', 'Every file that was looked at, with the hash that identifies it.', [
    { title: 'File', value: (r) => r.path, wide: true }, text('Kind', 'kind'), amount('Size', 'bytes'),
    { title: 'Status', value: (r) => r.status, show: (r) => (r.status ? el('span', { class: `status ${r.status === 'read' ? '' : 'warn'}` }, r.status) : null) },
    text('Note', 'note', { wide: true }), code('SHA-256', 'sha256')]],
];

export function tableSections(report) {
  return KINDS.filter(([name]) => Array.isArray(report[name]) && report[name].length > 0)
    .map(([name, title, lead, columns]) => ({ name, title, element: section(`table-${name}`, title,
      el('p', { class: 'lead' }, lead), table(report[name], columns, { label: title.toLowerCase(), details: rowDetails })) }));
}
