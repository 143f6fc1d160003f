// Bytes out against time, by phase, over the bars of the flights: when did what leave?
import { el, section, svg } from './dom.js';
import { bytes, count, duration } from './numbers.js';
import { table } from './table.js';
import { fieldName, t, valueName } from './words.js';

const WIDTH = 960;
const PLOT = { left: 92, right: 12, top: 10, height: 190 };
const BINS = 160;
const GAP_MS = 45 * 60 * 1000; // a longer silence parts two periods
const PERIODS_MAX = 200;
const FLIGHTS_SHOWN = 6;       // rows of bars
const KNOWN = ['flight', 'sync', 'launch', 'activation', 'update', 'idle'];
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

// Times of flights that are of a known clock.
const flightsOf = (report) => (report.flights || []).map((f, i) => ({ nth: i + 1, from: Date.parse(f.start), to: Date.parse(f.end) }))
  .filter((f) => f.from <= f.to);

// Stretches of time without a long silence, with what happened in them.
function periodsOf(flows, flights) {
  const things = [...flows.map((f) => ({ from: f.first_ms, to: Math.max(f.first_ms, f.last_ms === null ? f.first_ms : f.last_ms), flow: f })),
    ...flights.map((f) => ({ ...f, flight: f }))].sort((a, b) => a.from - b.from);
  const found = [];
  for (const thing of things) {
    let last = found[found.length - 1];
    if (!last || thing.from > last.to + GAP_MS) {
      last = { from: thing.from, to: thing.to, flows: [], flights: [], bytes: 0 };
      found.push(last);
    }
    last.to = Math.max(last.to, thing.to);
    if (thing.flow) {
      last.flows.push(thing);
      last.bytes += thing.flow.bytes_out || 0;
    } else last.flights.push(thing.flight);
  }
  return found;
}

// A connection's bytes are spread evenly over its time: the capture's rows know no more.
function bin(period, phases) {
  const span = Math.max(1000, period.to - period.from);
  const bins = Array.from({ length: BINS }, () => new Float64Array(phases.length));
  for (const { from, to, flow } of period.flows) {
    if (!flow.bytes_out) continue;
    const phase = phases.indexOf(flow.phase || '');
    const a = (from - period.from) / span * BINS;
    const b = Math.max(a + 1e-9, (to - period.from) / span * BINS);
    for (let i = Math.min(BINS - 1, Math.floor(a)); i <= Math.min(BINS - 1, Math.floor(b)); i += 1) {
      const part = (Math.min(b, i + 1) - Math.max(a, i)) / (b - a);
      bins[i][phase] += flow.bytes_out * Math.max(0, part);
    }
    if (a >= BINS) bins[BINS - 1][phase] += flow.bytes_out;
  }
  return { bins, span };
}

const clock = (ms) => new Date(ms).toISOString().slice(11, 19);
const phaseClass = (name) => `phase-${KNOWN.includes(name) ? name : name ? 'named' : 'unknown'}`;
const phaseName = (name) => (name ? valueName(name) : t('PHASE_UNKNOWN'));
const nice = (most) => {
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].find((m) => m * power >= most) * power;
};

function draw(period, phases) {
  const { bins, span } = bin(period, phases);
  const rows = Math.min(FLIGHTS_SHOWN, period.flights.length);
  const base = PLOT.top + PLOT.height;
  const height = base + 24 + rows * 14 + (rows ? 8 : 0);
  const wide = WIDTH - PLOT.left - PLOT.right;
  const x = (ms) => PLOT.left + (ms - period.from) / span * wide;
  const most = nice(Math.max(1, ...bins.map((b) => b.reduce((a, v) => a + v, 0))));
  const parts = [];
  for (const f of period.flights) parts.push(svg('rect', { class: 'in-air', x: x(f.from).toFixed(1), y: PLOT.top, width: Math.max(1, x(f.to) - x(f.from)).toFixed(1), height: PLOT.height }));
  for (const share of [0, 0.5, 1]) {
    const y = base - share * PLOT.height;
    parts.push(svg('path', { class: 'grid', d: `M${PLOT.left},${y}H${WIDTH - PLOT.right}` }),
      svg('text', { class: 'axis', x: PLOT.left - 6, y: y + 4, 'text-anchor': 'end' }, share ? bytes(Math.round(most * share)) : '0'));
  }
  bins.forEach((sums, i) => {
    let y = base;
    sums.forEach((sum, phase) => {
      if (!(sum > 0)) return;
      const high = Math.max(0.6, sum / most * PLOT.height);
      y -= high;
      parts.push(svg('rect', { class: phaseClass(phases[phase]), x: (PLOT.left + i / BINS * wide).toFixed(2), y: y.toFixed(2), width: (wide / BINS - 0.6).toFixed(2), height: high.toFixed(2) }));
    });
  });
  const step = (STEPS_S.find((s) => span / 1000 / s <= 7) || 86400 * Math.ceil(span / 1000 / 86400 / 7)) * 1000;
  for (let at = Math.ceil(period.from / step) * step; at <= period.from + span; at += step) {
    parts.push(svg('path', { class: 'tick', d: `M${x(at).toFixed(1)},${base}v4` }),
      svg('text', { class: 'axis', x: x(at).toFixed(1), y: base + 16, 'text-anchor': 'middle' }, clock(at).slice(0, step < 60000 ? 8 : 5)));
  }
  period.flights.slice(0, rows).forEach((f, i) => {
    const y = base + 28 + i * 14;
    parts.push(svg('rect', { class: 'flight-bar', x: x(f.from).toFixed(1), y, width: Math.max(2, x(f.to) - x(f.from)).toFixed(1), height: 9, rx: 2 }),
      svg('text', { class: 'axis', x: PLOT.left - 6, y: y + 8, 'text-anchor': 'end' }, t('FLIGHT_NTH', f.nth)));
  });
  return svg('svg', { class: 'timeline', viewBox: `0 0 ${WIDTH} ${height}`, role: 'img',
    'aria-label': t('TIMELINE_LABEL', bytes(period.bytes), count(period.flows.length), duration(span / 1000), count(period.flights.length)) }, parts);
}

// The same as a table: for the ear, and to copy.
function sums(period, phases) {
  return phases.map((phase) => {
    const mine = period.flows.filter((f) => (f.flow.phase || '') === phase);
    return { phase, flows: mine.length, bytes: mine.reduce((a, f) => a + (f.flow.bytes_out || 0), 0) };
  }).filter((s) => s.flows > 0);
}

const titleOf = (p) => `${new Date(p.from).toISOString().slice(0, 10)} ${clock(p.from)}\u2013${clock(p.to)} UTC`;

export function timelineSection(report, flows) {
  const outside = flows.filter((f) => !f.local && f.first_ms !== null);
  if (outside.length === 0) return null;
  const periods = periodsOf(outside, flightsOf(report)).filter((p) => p.flows.length > 0)
    .sort((a, b) => b.bytes - a.bytes).slice(0, PERIODS_MAX);
  const names = new Set(outside.map((f) => f.phase || ''));
  const phases = [...KNOWN.filter((p) => names.has(p)), ...[...names].filter((p) => p && !KNOWN.includes(p)).sort(), ...(names.has('') ? [''] : [])];
  const stage = el('div', { class: 'timeline-stage', tabindex: 0, role: 'group', 'aria-label': t('HEAD_TIMELINE') });
  const key = el('div', {});
  const show = (period) => {
    stage.replaceChildren(el('p', { class: 'when' }, titleOf(period)), draw(period, phases));
    const mine = sums(period, phases);
    key.replaceChildren(
      el('ul', { class: 'legend' }, mine.map((s) => el('li', {}, svg('svg', { viewBox: '0 0 12 12', width: 12, height: 12, 'aria-hidden': 'true' },
        svg('rect', { class: phaseClass(s.phase), width: 12, height: 12, rx: 2 })), phaseName(s.phase))),
      period.flights.length ? el('li', {}, svg('svg', { viewBox: '0 0 12 12', width: 12, height: 12, 'aria-hidden': 'true' },
        svg('rect', { class: 'flight-bar', width: 12, height: 12, rx: 2 })), t('IN_THE_AIR')) : null),
      table(mine, [
        { title: fieldName('phase'), value: (s) => phaseName(s.phase) },
        { title: fieldName('flows'), value: (s) => s.flows, show: (s) => count(s.flows), number: true },
        { title: fieldName('bytes_out'), value: (s) => s.bytes, show: (s) => bytes(s.bytes), number: true },
      ], { label: t('HEAD_TIMELINE') }));
  };
  show(periods[0]);
  const select = periods.length < 2 ? null : el('label', { class: 'place' }, t('PERIOD'), ' ',
    el('select', { onchange: (event) => show(periods[Number(event.target.value)]) },
      periods.map((p, i) => el('option', { value: String(i) }, `${titleOf(p)} (${bytes(p.bytes)})`))));
  return section('timeline', t('HEAD_TIMELINE'), el('p', { class: 'lead' }, t('LEAD_TIMELINE')), select, stage, key);
}
