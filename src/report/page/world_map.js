// Destinations by country and owner.  Who runs the host, where its address is registered and
// where it stands are three answers: the reader chooses which one the map shows.
import { geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import world from 'world-atlas/countries-110m.json';
import { el, section, svg } from './dom.js';
import { SMALL, nameOf, numberOf } from './countries.js';
import { bytes, count, UNKNOWN } from './numbers.js';

const WIDTH = 960;
const HEIGHT = 470;
const ANSWERS = [
  ['operator_country', 'Who runs it', 'country of the company that runs the host'],
  ['registry_country', 'Address registry', 'country the address is registered in'],
  ['location_country', 'Location', 'country the host stands in, from a location database of the operator'],
];

const outside = (report) => (report.destinations || []).filter((d) => d.party !== 'local');

function totals(rows, keyOf) {
  const sums = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    const sum = sums.get(key) || { key, bytes: 0, hosts: 0, known: false };
    if (typeof row.bytes_out === 'number') {
      sum.bytes += row.bytes_out;
      sum.known = true;
    }
    sum.hosts += 1;
    sums.set(key, sum);
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes || b.hosts - a.hosts);
}

function bars(title, sums, nameFor) {
  const most = Math.max(1, ...sums.map((s) => s.bytes));
  const shown = sums.slice(0, 8);
  return el('div', { class: 'bars' }, el('h3', {}, title), el('ol', {}, shown.map((s) => el('li', {},
    el('span', { class: 'bar-name' }, nameFor(s.key)),
    el('span', { class: 'bar-value' }, `${s.known ? bytes(s.bytes) : UNKNOWN}, ${count(s.hosts)} ${s.hosts === 1 ? 'host' : 'hosts'}`),
    svg('svg', { class: 'bar-line', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      svg('rect', { class: 'bar-back', width: 100, height: 4 }),
      svg('rect', { class: 'bar-fill', width: Math.max(0.8, 100 * s.bytes / most), height: 4 }))))),
  sums.length > shown.length ? el('p', { class: 'hint' }, `and ${count(sums.length - shown.length)} more`) : null);
}

// Four steps, by share of the largest on a logarithmic scale: a host that got little still shows.
const step = (value, most) => (value <= 0 ? 1 : Math.max(1, 4 - Math.floor(Math.log10(most / value))));

function draw(rows, answer) {
  const path = geoPath(geoNaturalEarth1().fitExtent([[4, 4], [WIDTH - 4, HEIGHT - 4]], { type: 'Sphere' }));
  const projection = path.projection();
  const sums = totals(rows.filter((r) => r[answer]), (r) => String(r[answer]).toUpperCase());
  const most = Math.max(1, ...sums.map((s) => s.bytes));
  const byNumber = new Map(sums.map((s) => [numberOf(s.key), s]).filter(([n]) => n));
  const told = (s) => `${nameOf(s.key)}: ${bytes(s.bytes)} sent, ${count(s.hosts)} ${s.hosts === 1 ? 'destination' : 'destinations'}`;
  const named = new Set();

  const shapes = feature(world, world.objects.countries).features
    .filter((f) => f.id !== '010') // Antarctica hosts nothing and takes a tenth of the map
    .map((f) => {
      const sum = byNumber.get(f.id);
      if (sum) named.add(sum.key);
      return svg('path', { d: path(f), class: sum ? `country step-${step(sum.bytes, most)}` : 'country' },
        sum ? svg('title', {}, told(sum)) : null);
    });
  const dots = sums.filter((s) => !named.has(s.key) && SMALL[s.key]).map((s) => {
    const [x, y] = projection(SMALL[s.key]);
    return svg('circle', { cx: x.toFixed(1), cy: y.toFixed(1), r: 6, class: `country dot step-${step(s.bytes, most)}` },
      svg('title', {}, told(s)));
  });
  const labels = sums.slice(0, 6).map((s) => {
    const f = shapes && feature(world, world.objects.countries).features.find((g) => g.id === numberOf(s.key));
    const at = SMALL[s.key] ? projection(SMALL[s.key]) : f ? path.centroid(largest(f)) : null;
    if (!at || !Number.isFinite(at[0])) return null;
    return svg('text', { x: at[0].toFixed(1), y: (at[1] + (SMALL[s.key] ? -10 : 4)).toFixed(1), class: 'country-label' }, s.key);
  });
  const nowhere = sums.filter((s) => !named.has(s.key) && !SMALL[s.key]);
  return {
    picture: svg('svg', { class: 'world', viewBox: `0 0 ${WIDTH} ${HEIGHT - 40}`, role: 'img',
      'aria-label': `World map. ${sums.map(told).join('; ') || 'No country known'}` }, shapes, dots, labels),
    sums, nowhere,
  };
}

// The label of a country belongs on its largest piece: of the United States, not between it and Alaska.
function largest(f) {
  if (f.geometry.type !== 'MultiPolygon') return f;
  const pieces = f.geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }));
  const size = geoPath(geoNaturalEarth1());
  return pieces.reduce((a, b) => (size.area(b) > size.area(a) ? b : a));
}

export function worldSection(report, tableOfDestinations) {
  const rows = outside(report);
  if (rows.length === 0) {
    return section('destinations', 'Destinations',
      el('p', {}, (report.flows || []).length ? 'Nothing was addressed to hosts outside the local network in this evidence.'
        : 'This evidence holds no network traffic.'), tableOfDestinations);
  }
  const stage = el('div', { class: 'world-stage' });
  const unknown = el('p', { class: 'hint' });
  const countryBars = el('div', {});
  const show = (answer) => {
    const { picture, nowhere } = draw(rows, answer);
    const without = rows.filter((r) => !r[answer]).length;
    stage.replaceChildren(picture);
    countryBars.replaceChildren(bars('By country', totals(rows, (r) => (r[answer] ? String(r[answer]).toUpperCase() : '')),
      (code) => (code ? nameOf(code) : UNKNOWN)));
    unknown.textContent = [
      without ? `For ${count(without)} of ${count(rows.length)} destinations this answer is not known.` : '',
      nowhere.length ? 'Some country codes are not on the map; the table has them.' : '',
    ].filter(Boolean).join(' ');
  };
  const first = (ANSWERS.find(([key]) => rows.some((r) => r[key])) || ANSWERS[0])[0];
  const choice = el('fieldset', { class: 'choice' }, el('legend', {}, 'Country by'),
    ANSWERS.map(([key, title, hint]) => el('label', { title: hint },
      el('input', { type: 'radio', name: 'answer', value: key, checked: key === first, onchange: () => show(key) }), title)));
  show(first);
  return section('destinations', 'Destinations',
    el('p', { class: 'lead' }, 'Names and addresses that traffic was addressed to, stronger in colour where more bytes were sent. ' +
      'An address says who it is registered to, not who reads what arrives there.'),
    choice, stage, unknown,
    el('div', { class: 'two' }, bars('By owner', totals(rows, (r) => r.owner || ''), (name) => name || 'owner unknown'), countryBars),
    tableOfDestinations);
}
