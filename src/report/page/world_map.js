// Destinations by country and owner.  Who runs the host, where its address is registered and
// where it stands are three answers: the reader chooses which one the map shows.
import { geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import world from 'world-atlas/countries-110m.json';
import { el, section, svg } from './dom.js';
import { SMALL, nameOf, numberOf } from './countries.js';
import { bytes, count, unknown } from './numbers.js';
import { t } from './words.js';

const WIDTH = 960;
const HEIGHT = 470;
const ANSWERS = ['operator_country', 'registry_country', 'location_country'];

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
    el('span', { class: 'bar-value' }, t('BYTES_AND_HOSTS', s.known ? bytes(s.bytes) : unknown(), count(s.hosts))),
    svg('svg', { class: 'bar-line', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      svg('rect', { class: 'bar-back', width: 100, height: 4 }),
      svg('rect', { class: 'bar-fill', width: Math.max(0.8, 100 * s.bytes / most), height: 4 }))))),
  sums.length > shown.length ? el('p', { class: 'hint' }, t('AND_MORE', count(sums.length - shown.length))) : null);
}

// Four steps, by share of the largest on a logarithmic scale: a host that got little still shows.
const step = (value, most) => (value <= 0 ? 1 : Math.max(1, 4 - Math.floor(Math.log10(most / value))));

function draw(rows, answer) {
  const path = geoPath(geoNaturalEarth1().fitExtent([[4, 4], [WIDTH - 4, HEIGHT - 4]], { type: 'Sphere' }));
  const projection = path.projection();
  const sums = totals(rows.filter((r) => r[answer]), (r) => String(r[answer]).toUpperCase());
  const most = Math.max(1, ...sums.map((s) => s.bytes));
  const byNumber = new Map(sums.map((s) => [numberOf(s.key), s]).filter(([n]) => n));
  const told = (s) => t('COUNTRY_TOLD', nameOf(s.key), bytes(s.bytes), count(s.hosts));
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
      'aria-label': t('WORLD_LABEL', sums.map(told).join('; ') || t('COUNTRY_UNKNOWN')) }, shapes, dots, labels),
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
    return section('destinations', t('HEAD_DESTINATIONS'),
      el('p', {}, t((report.flows || []).length ? 'TO_NOBODY' : 'LEFT_NO_TRAFFIC')), tableOfDestinations);
  }
  const stage = el('div', { class: 'world-stage' });
  const gaps = el('p', { class: 'hint' });
  const countryBars = el('div', {});
  const show = (answer) => {
    const { picture, nowhere } = draw(rows, answer);
    const without = rows.filter((r) => !r[answer]).length;
    stage.replaceChildren(picture);
    countryBars.replaceChildren(bars(t('BY_COUNTRY'), totals(rows, (r) => (r[answer] ? String(r[answer]).toUpperCase() : '')),
      (code) => (code ? nameOf(code) : unknown())));
    gaps.textContent = [
      without ? t('ANSWER_UNKNOWN_FOR', count(without), count(rows.length)) : '',
      nowhere.length ? t('NOT_ON_MAP') : '',
    ].filter(Boolean).join(' ');
  };
  const first = ANSWERS.find((key) => rows.some((r) => r[key])) || ANSWERS[0];
  const choice = el('fieldset', { class: 'choice' }, el('legend', {}, t('COUNTRY_BY')),
    ANSWERS.map((key) => el('label', { title: t(`ANSWER_HINT_${key}`) },
      el('input', { type: 'radio', name: 'answer', value: key, checked: key === first, onchange: () => show(key) }), t(`ANSWER_${key}`))));
  show(first);
  return section('destinations', t('HEAD_DESTINATIONS'),
    el('p', { class: 'lead' }, t('LEAD_DESTINATIONS')),
    choice, stage, gaps,
    el('div', { class: 'two' }, bars(t('BY_OWNER'), totals(rows, (r) => r.owner || ''), (name) => name || t('TO_OWNER_UNKNOWN')), countryBars),
    tableOfDestinations);
}
