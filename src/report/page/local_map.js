// Where the flights, the person flying and the photos were: an equirectangular drawing with
// a grid and a scale, made from the positions alone.  No map is asked for: that would tell a tile server where the
// flight was.  Where the operator gave a file of map tiles, they lie under it (map_ground.js).
import { el, section, svg } from './dom.js';
import { groundNames, groundNotes, groundOf, groundPictures, groundShapes } from './map_ground.js';
import { count, decimal, degrees, metres } from './numbers.js';
import { t } from './words.js';

const METRES_PER_DEGREE = 111320;
const NEAR_DEGREES = 0.1;   // what is this close is drawn together
const COLOURS = 6;
const MARGIN = 34;

const good = (p) => Array.isArray(p) && Math.abs(p[0]) <= 180 && Math.abs(p[1]) <= 90;

function box(points) {
  const b = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    b[0] = Math.min(b[0], x);
    b[1] = Math.min(b[1], y);
    b[2] = Math.max(b[2], x);
    b[3] = Math.max(b[3], y);
  }
  return b;
}

// Things that are near each other make a place.
function places(things) {
  const found = [];
  for (const thing of things) {
    const b = box(thing.points);
    const near = found.filter((p) => b[0] <= p.box[2] + NEAR_DEGREES && b[2] >= p.box[0] - NEAR_DEGREES &&
      b[1] <= p.box[3] + NEAR_DEGREES && b[3] >= p.box[1] - NEAR_DEGREES);
    const place = { things: [thing], box: b };
    for (const other of near) {
      place.things.unshift(...other.things);
      place.box = box([[place.box[0], place.box[1]], [place.box[2], place.box[3]], [other.box[0], other.box[1]], [other.box[2], other.box[3]]]);
      found.splice(found.indexOf(other), 1);
    }
    found.push(place);
  }
  return found;
}

function collect(report, tracks) {
  const flights = new Map((report.flights || []).map((f, i) => [f.id, { ...f, nth: i + 1 }]));
  const things = [];
  const point = (kind, p, title) => good(p) && things.push({ kind, points: [p], title });

  for (const track of (tracks && tracks.tracks) || []) {
    const points = (track.points || []).filter(good);
    const flight = flights.get(track.flight);
    const name = flight ? t('FLIGHT_NTH', flight.nth) : t('NO_FLIGHT');
    if (points.length === 0) continue;
    if (track.subject === 'home') point('home', points[points.length - 1], `${name}: ${t('MARK_home')}`);
    else things.push({ kind: track.subject, points, title: name, nth: flight ? flight.nth : 0, total: track.points_in_case });
  }
  for (const f of flights.values()) {
    point('takeoff', f.first, `${t('FLIGHT_NTH', f.nth)}: ${t('MARK_takeoff')}`);
    point('landing', f.last, `${t('FLIGHT_NTH', f.nth)}: ${t('MARK_landing')}`);
  }
  const media = new Map((report.media || []).map((m) => [m.id, m]));
  for (const c of (tracks && tracks.cameras) || []) {
    const m = media.get(c.media);
    point('camera', c.position, `${t('MARK_camera')}${m && m.model ? `, ${m.model}` : ''}${m && m.taken ? `, ${m.taken}` : ''}`);
  }
  const heard = report.broadcasts || [];
  const every = Math.ceil(heard.length / 2000); // from all of the time, not only its beginning
  for (const b of heard.filter((_, i) => i % every === 0)) {
    point('broadcast', b.position, `${t('MARK_broadcast')} ${b.uas_id || ''}`);
    point('operator', b.operator_position, `${t('BROADCAST_OPERATOR')} ${b.uas_id || ''}`);
  }
  // Of a capture whose broadcasts are more than the page holds, the place of the person is here all the same.
  for (const x of report.exposures || []) point('operator', x.position, `${t('BROADCAST_OPERATOR')} ${x.uas_id || ''}`);
  return things;
}

const nice = (atMost) => {
  const power = 10 ** Math.floor(Math.log10(atMost));
  return [5, 2, 1].find((m) => m * power <= atMost) * power;
};

const niceOver = (atLeast) => {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return [1, 2, 5, 10].find((m) => m * power >= atLeast) * power;
};

const MARKS = {
  home: (x, y) => `M${x - 6},${y + 5}h12v-7l-6,-5l-6,5z`,
  takeoff: (x, y) => `M${x},${y - 7}l6.5,12h-13z`,
  landing: (x, y) => `M${x - 5.5},${y - 5.5}h11v11h-11z`,
  operator: (x, y) => `M${x},${y - 8}a4,4 0 1 1 -0.1,0zM${x - 6},${y + 8}c0,-9 12,-9 12,0z`,
  camera: (x, y) => `M${x},${y - 6}l6,6l-6,6l-6,-6z`,
  broadcast: (x, y) => `M${x},${y - 5}a5,5 0 1 1 -0.1,0z`,
};
MARKS.controller = MARKS.operator;
MARKS.target = MARKS.camera;

const LEGEND = ['aircraft', 'takeoff', 'landing', 'home', 'operator', 'controller', 'camera', 'target', 'broadcast'];

function frame(place, width) {
  const [w, s, e, n] = place.box;
  const middle = (s + n) / 2;
  const shrink = Math.max(0.02, Math.cos(middle * Math.PI / 180));
  const wide = Math.max((e - w) * shrink, 0.0008);
  const high = Math.max(n - s, 0.0005);
  const height = Math.round(Math.min(Math.max((width - 2 * MARGIN) * high / wide + 2 * MARGIN, 280), Math.max(320, width * 0.56)));
  const scale = Math.min((width - 2 * MARGIN) / wide, (height - 2 * MARGIN) / high); // pixels per degree of latitude
  const x = (lon) => width / 2 + (lon - (w + e) / 2) * shrink * scale;
  const y = (lat) => height / 2 - (lat - middle) * scale;
  return { width, height, scale, shrink, x, y,
    west: (w + e) / 2 - width / 2 / scale / shrink, east: (w + e) / 2 + width / 2 / scale / shrink,
    south: middle - height / 2 / scale, north: middle + height / 2 / scale };
}

function gridLines(f) {
  const step = nice(90 / f.scale);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const stepLon = niceOver(100 / f.scale / f.shrink); // room for its label
  const digitsLon = Math.max(0, -Math.floor(Math.log10(stepLon)));
  const lines = [];
  for (let lat = Math.ceil(f.south / step) * step, i = 0; lat < f.north && i < 40; lat += step, i += 1) {
    const y = f.y(lat).toFixed(1);
    lines.push(svg('path', { class: 'grid', d: `M0,${y}H${f.width}` }),
      y > 16 && y < f.height - 40 ? svg('text', { class: 'grid-label', x: 4, y: y - 3 }, `${decimal(Math.abs(lat).toFixed(digits))}\u00b0${t(lat < 0 ? 'SOUTH' : 'NORTH')}`) : null);
  }
  for (let lon = Math.ceil(f.west / stepLon) * stepLon, i = 0; lon < f.east && i < 40; lon += stepLon, i += 1) {
    const x = f.x(lon);
    lines.push(svg('path', { class: 'grid', d: `M${x.toFixed(1)},0V${f.height}` }),
      x > 60 && x < f.width - 70 ? svg('text', { class: 'grid-label', x: (x + 3).toFixed(1), y: 12 }, `${decimal(Math.abs(lon).toFixed(digitsLon))}\u00b0${t(lon < 0 ? 'WEST' : 'EAST')}`) : null);
  }
  return lines;
}

function scaleBar(f) {
  const length = nice(f.width * 0.25 / f.scale * METRES_PER_DEGREE);
  const pixels = length / METRES_PER_DEGREE * f.scale;
  const x = f.width - pixels - 14;
  const y = f.height - 14;
  return svg('g', { class: 'scale' },
    svg('rect', { class: 'scale-back', x: x - 8, y: y - 24, width: pixels + 16, height: 32, rx: 3 }),
    svg('path', { d: `M${x},${y - 5}v5h${pixels}v-5` }),
    svg('text', { x: x + pixels / 2, y: y - 8, 'text-anchor': 'middle' }, metres(length)));
}

// Up is north: the drawing is not turned.
function north(f) {
  const x = f.width - 22;
  return svg('g', { class: 'north' }, svg('rect', { class: 'scale-back', x: x - 14, y: 4, width: 28, height: 44, rx: 3 }),
    svg('path', { d: `M${x},20l6,20l-6,-5l-6,5z` }), svg('text', { x, y: 17, 'text-anchor': 'middle' }, t('NORTH')));
}

function draw(place, ground, f) {
  const lines = [];
  const marks = [];
  for (const thing of place.things) {
    if (thing.kind === 'aircraft') {
      const d = thing.points.map((p, i) => `${i ? 'L' : 'M'}${f.x(p[0]).toFixed(1)},${f.y(p[1]).toFixed(1)}`).join('');
      lines.push(svg('path', { class: `track colour-${(Math.max(1, thing.nth) - 1) % COLOURS + 1}`, d },
        svg('title', {}, t('TITLE_POSITIONS', thing.title, count(thing.total)))));
    } else {
      // A person or a target that moves: a thin line and its last place.
      const last = thing.points[thing.points.length - 1];
      if (thing.points.length > 1) {
        lines.push(svg('path', { class: 'track-thin', d: thing.points.map((p, i) => `${i ? 'L' : 'M'}${f.x(p[0]).toFixed(1)},${f.y(p[1]).toFixed(1)}`).join('') }));
      }
      marks.push(svg('path', { class: `mark ${thing.kind}`, d: (MARKS[thing.kind] || MARKS.camera)(Math.round(f.x(last[0]) * 10) / 10, Math.round(f.y(last[1]) * 10) / 10) },
        svg('title', {}, `${thing.title || ''} ${thing.points.length > 1 && thing.total ? t('LAST_OF', t(`MARK_${thing.kind}`), count(thing.total)) : ''} ${degrees(last[1], last[0])}`)));
    }
  }
  const order = ['camera', 'target', 'broadcast', 'landing', 'home', 'takeoff', 'controller', 'operator'];
  const rank = (m) => order.findIndex((k) => m.classList.contains(k));
  marks.sort((a, b) => rank(a) - rank(b));
  const wide = (f.east - f.west) * f.shrink * METRES_PER_DEGREE;
  return svg('svg', { class: ground ? 'local on-ground' : 'local', viewBox: `0 0 ${f.width} ${f.height}`, role: 'img',
    'aria-label': t('LOCAL_LABEL', metres(wide), summary(place)) },
    ground && ground.tiles.some((tile) => tile.picture) ? null : svg('rect', { class: 'paper', width: f.width, height: f.height }),
    ground ? [groundShapes(ground, f), groundNames(ground, f)] : null, gridLines(f), lines, marks, scaleBar(f), north(f));
}

function summary(place) {
  const paths = place.things.filter((x) => x.kind === 'aircraft').length;
  const photos = place.things.filter((x) => x.kind === 'camera').length;
  const people = place.things.filter((x) => x.kind === 'operator' || x.kind === 'controller').length;
  return [paths && t('PLACE_PATHS', count(paths)), photos && t('PLACE_PHOTOS', count(photos)),
    people && t('PLACE_PERSON')].filter(Boolean).join(', ') || t('PLACE_POSITIONS');
}

function legend(place) {
  const kinds = LEGEND.filter((k) => place.things.some((x) => x.kind === k));
  return el('ul', { class: 'legend' }, kinds.map((kind) => el('li', {},
    svg('svg', { viewBox: '0 0 20 20', width: 18, height: 18, 'aria-hidden': 'true' },
      kind === 'aircraft' ? svg('path', { class: 'track colour-1', d: 'M1,14L8,6L12,13L19,5' }) : svg('path', { class: `mark ${kind}`, d: MARKS[kind](10, 10) })),
    t(`MARK_${kind}`))));
}

export function localSection(report, tracks, map) {
  const things = collect(report, tracks);
  if (things.length === 0) return null;
  const paths = (p) => p.things.filter((x) => x.kind === 'aircraft').length;
  const found = places(things).sort((a, b) => paths(b) - paths(a) || b.things.length - a.things.length);
  const stage = el('div', { class: 'local-stage' });
  const key = el('div', {});
  const middle = (p) => degrees((p.box[1] + p.box[3]) / 2, (p.box[0] + p.box[2]) / 2);
  let current = found[0];
  const show = () => {
    const f = frame(current, Math.max(300, Math.min(1100, stage.clientWidth || 900)));
    const ground = groundOf(map, current.box);
    stage.replaceChildren(...[ground && groundPictures(ground, f), draw(current, ground, f)].filter(Boolean));
    key.replaceChildren(...[legend(current), groundNotes(map, ground)].filter(Boolean));
  };
  const select = found.length < 2 ? null : el('label', { class: 'place' }, t('PLACE'), ' ',
    el('select', { onchange: (event) => { current = found[Number(event.target.value)]; show(); } },
      found.slice(0, 200).map((p, i) => el('option', { value: String(i) }, `${middle(p)} (${summary(p)})`))));
  const cut = (tracks && tracks.cut) || {};
  const made = section('places', t('HEAD_PLACES'),
    el('p', { class: 'lead' }, t(map ? 'LEAD_PLACES_MAP' : 'LEAD_PLACES')),
    select, stage, key,
    found.length > 1 ? el('p', { class: 'hint' }, t('ONE_OF_PLACES', count(found.length))) : null,
    cut.tracks || cut.cameras ? el('p', { class: 'hint' }, t('NOT_DRAWN', count(cut.tracks || 0), count(cut.cameras || 0))) : null);
  let waiting = 0;
  addEventListener('resize', () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
  // The width is known once the section is in the page.
  made.addEventListener('placed', show, { once: true });
  return made;
}
