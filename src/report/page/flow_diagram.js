// Device to owner to country: whose device sent how much to whom, and where that owner is at home.
import { el, section, svg } from './dom.js';
import { bytes } from './numbers.js';
import { nameOf } from './countries.js';
import { t, valueName } from './words.js';

const WIDTH = 960;
const NODE = 14;
const ROOM = 14;      // between nodes
const HEIGHT = 300;   // of all bytes
const NODES_MAX = 8;  // of a column; the others are added up
const OTHERS = '\nothers';

const keyOf = (host, address) => String(host || address || '').toLowerCase().replace(/\.$/, '');

function destinationsBy(report) {
  const found = new Map();
  for (const d of report.destinations || []) {
    if (d.host) found.set(keyOf(d.host), d);
    else for (const a of d.addresses || []) if (!found.has(keyOf(a))) found.set(keyOf(a), d);
  }
  return found;
}

// A device by its hardware address where the evidence knows one, else by its address.
function deviceNames(report) {
  const names = new Map();
  for (const d of report.devices || []) {
    if (d.mac) names.set(String(d.mac).toLowerCase(), [valueName(d.role), d.model || d.vendor || d.name].filter(Boolean).join(' '));
  }
  return (flow) => {
    const name = flow.src_mac ? names.get(String(flow.src_mac).toLowerCase()) : null;
    return name ? `${name} (${flow.src})` : flow.src || t('UNKNOWN');
  };
}

function linksOf(report, flows) {
  const places = destinationsBy(report);
  const deviceOf = deviceNames(report);
  // Connections between the same two come by the thousand: they are added up first.
  const pairs = new Map();
  for (const f of flows) {
    if (f.local || !f.bytes_out) continue;
    const key = `${f.src}\n${f.src_mac}\n${f.host}\n${f.dst}`;
    const pair = pairs.get(key);
    if (pair) pair.bytes_out += f.bytes_out;
    else pairs.set(key, { src: f.src, src_mac: f.src_mac, host: f.host, dst: f.dst, bytes_out: f.bytes_out });
  }
  const sums = new Map();
  for (const f of pairs.values()) {
    const d = places.get(keyOf(f.host)) || places.get(keyOf(null, f.dst)) || {};
    if (d.party === 'local') continue;
    const path = [deviceOf(f), d.owner || t('TO_OWNER_UNKNOWN'), (d.operator_country || d.registry_country || '').toUpperCase()];
    const key = path.join('\n');
    const sum = sums.get(key) || { path, bytes: 0 };
    sum.bytes += f.bytes_out;
    sums.set(key, sum);
  }
  return [...sums.values()];
}

// The largest of each column keep their names; the others become one.
function gather(paths) {
  const columns = [0, 1, 2].map((c) => {
    const sums = new Map();
    for (const p of paths) sums.set(p.path[c], (sums.get(p.path[c]) || 0) + p.bytes);
    const sorted = [...sums.entries()].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const kept = new Set((sorted.length > NODES_MAX ? sorted.slice(0, NODES_MAX - 1) : sorted).map(([name]) => name));
    for (const p of paths) if (!kept.has(p.path[c])) p.path[c] = OTHERS;
    const nodes = new Map();
    for (const p of paths) nodes.set(p.path[c], (nodes.get(p.path[c]) || 0) + p.bytes);
    return { nodes: [...nodes.entries()].sort((a, b) => (a[0] === OTHERS) - (b[0] === OTHERS) || b[1] - a[1]), others: sorted.length - kept.size };
  });
  const links = [0, 1].map((c) => {
    const sums = new Map();
    for (const p of paths) {
      const key = `${p.path[c]}\n${p.path[c + 1]}`;
      const sum = sums.get(key) || { from: p.path[c], to: p.path[c + 1], bytes: 0 };
      sum.bytes += p.bytes;
      sums.set(key, sum);
    }
    return [...sums.values()];
  });
  return { columns, links };
}

const shorten = (name) => (name.length > 34 ? `${name.slice(0, 33)}\u2026` : name);

function nameIn(column, name, others) {
  if (name === OTHERS) return t('OTHERS', others);
  if (column === 2) return name ? nameOf(name) : t('COUNTRY_UNKNOWN');
  return name;
}

function place({ columns }, total) {
  const xs = [0, WIDTH / 2 - NODE / 2, WIDTH - NODE];
  const most = Math.max(...columns.map((c) => c.nodes.length));
  const height = HEIGHT + (most - 1) * (ROOM + 20);
  return { height, placed: columns.map((column, c) => {
    const taken = HEIGHT + (column.nodes.length - 1) * (ROOM + 20);
    let y = (height - taken) / 2 + 16;
    return new Map(column.nodes.map(([name, sum]) => {
      const node = { x: xs[c], y, high: Math.max(1.5, sum / total * HEIGHT), sum, out: 0, in: 0, title: nameIn(c, name, column.others) };
      y += node.high + ROOM + 20;
      return [name, node];
    }));
  }) };
}

function draw(made, total) {
  const { height, placed } = place(made, total);
  const parts = [];
  made.links.forEach((links, c) => {
    const order = (l) => placed[c].get(l.from).y * 1e4 + placed[c + 1].get(l.to).y;
    for (const link of links.sort((a, b) => order(a) - order(b))) {
      const a = placed[c].get(link.from);
      const b = placed[c + 1].get(link.to);
      const high = Math.max(0.8, link.bytes / total * HEIGHT);
      const y0 = a.y + a.out;
      const y1 = b.y + b.in;
      a.out += high;
      b.in += high;
      const [x0, x1] = [a.x + NODE, b.x];
      const m = (x0 + x1) / 2;
      const d = `M${x0},${y0.toFixed(1)}C${m},${y0.toFixed(1)} ${m},${y1.toFixed(1)} ${x1},${y1.toFixed(1)}v${high.toFixed(1)}C${m},${(y1 + high).toFixed(1)} ${m},${(y0 + high).toFixed(1)} ${x0},${(y0 + high).toFixed(1)}z`;
      parts.push(svg('path', { class: `stream column-${c}`, d }, svg('title', {}, `${a.title} \u2192 ${b.title}: ${bytes(link.bytes)}`)));
    }
  });
  placed.forEach((column, c) => column.forEach((node) => {
    const anchor = ['start', 'middle', 'end'][c];
    const x = [node.x, node.x + NODE / 2, node.x + NODE][c];
    parts.push(svg('rect', { class: 'node', x: node.x, y: node.y.toFixed(1), width: NODE, height: node.high.toFixed(1), rx: 2 }),
      svg('text', { class: 'node-name', x, y: (node.y - 5).toFixed(1), 'text-anchor': anchor }, `${shorten(node.title)}, ${bytes(node.sum)}`));
  }));
  const told = made.links.map((links) => links.map((l) => `${l.from}\u2192${l.to}`).length);
  return svg('svg', { class: 'streams', viewBox: `-2 0 ${WIDTH + 4} ${(height + 24).toFixed(0)}`, role: 'img', 'aria-label': t('STREAMS_LABEL', told[0], told[1]) }, parts);
}

// What the drawing shows, as a list: each way from a device to a country.
function ways(paths, made) {
  const name = (c, p) => nameIn(c, p.path[c], made.columns[c].others);
  const sums = new Map();
  for (const p of paths) {
    const key = [0, 1, 2].map((c) => name(c, p)).join(' \u2192 ');
    sums.set(key, (sums.get(key) || 0) + p.bytes);
  }
  return el('ul', { class: 'ways' }, [...sums.entries()].sort((a, b) => b[1] - a[1]).slice(0, 40)
    .map(([way, sum]) => el('li', {}, `${way}: ${bytes(sum)}`)));
}

export function diagramSection(report, flows) {
  const paths = linksOf(report, flows);
  if (paths.length === 0) return null;
  const total = paths.reduce((a, p) => a + p.bytes, 0);
  const made = gather(paths);
  return section('streams', t('HEAD_STREAMS'), el('p', { class: 'lead' }, t('LEAD_STREAMS')),
    el('div', { class: 'stream-stage', tabindex: 0, role: 'group', 'aria-label': t('HEAD_STREAMS') },
      el('div', { class: 'stream-heads', 'aria-hidden': 'true' }, ['STREAM_DEVICE', 'STREAM_OWNER', 'STREAM_COUNTRY'].map((key) => el('span', {}, t(key)))),
      draw(made, total)),
    el('details', {}, el('summary', {}, t('AS_A_LIST')), ways(paths, made)));
}
