// Where the flights, the person flying and the photos were: an equirectangular drawing with
// a grid and a scale, made from the positions alone.  No map tiles: asking for them would
// tell a tile server where the flight was.
import { el, section, svg } from './dom.js';
import { count, degrees, metres } from './numbers.js';

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

  for (const t of (tracks && tracks.tracks) || []) {
    const points = (t.points || []).filter(good);
    const flight = flights.get(t.flight);
    const name = flight ? `Flight ${flight.nth}` : 'Positions of no flight';
    if (points.length === 0) continue;
    if (t.subject === 'home') point('home', points[points.length - 1], `${name}: home point`);
    else things.push({ kind: t.subject, points, title: name, nth: flight ? flight.nth : 0, total: t.points_in_case });
  }
  for (const f of flights.values()) {
    point('takeoff', f.first, `Flight ${f.nth}: first position`);
    point('landing', f.last, `Flight ${f.nth}: last position`);
  }
  const media = new Map((report.media || []).map((m) => [m.id, m]));
  for (const c of (tracks && tracks.cameras) || []) {
    const m = media.get(c.media);
    point('camera', c.position, `Photo or video${m && m.model ? `, ${m.model}` : ''}${m && m.taken ? `, ${m.taken}` : ''}`);
  }
  const heard = report.broadcasts || [];
  const every = Math.ceil(heard.length / 2000); // from all of the time, not only its beginning
  for (const b of heard.filter((_, i) => i % every === 0)) {
    point('broadcast', b.position, `Broadcast ${b.uas_id || ''}`);
    point('operator', b.operator_position, `Broadcast position of the operator ${b.uas_id || ''}`);
  }
  return things;
}

const nice = (atMost) => {
  const power = 10 ** Math.floor(Math.log10(atMost));
  return [5, 2, 1].find((m) => m * power <= atMost) * power;
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

const LEGEND = {
  aircraft: 'Flight path', takeoff: 'First position', landing: 'Last position', home: 'Home point',
  operator: 'Person flying', controller: 'Controller', camera: 'Photo or video', target: 'Target', broadcast: 'Broadcast position',
};

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
  const stepLon = nice(120 / f.scale / f.shrink);
  const digitsLon = Math.max(0, -Math.floor(Math.log10(stepLon)));
  const lines = [];
  for (let lat = Math.ceil(f.south / step) * step, i = 0; lat < f.north && i < 40; lat += step, i += 1) {
    const y = f.y(lat).toFixed(1);
    lines.push(svg('path', { class: 'grid', d: `M0,${y}H${f.width}` }),
      y > 16 && y < f.height - 40 ? svg('text', { class: 'grid-label', x: 4, y: y - 3 }, `${Math.abs(lat).toFixed(digits)}\u00b0${lat < 0 ? 'S' : 'N'}`) : null);
  }
  for (let lon = Math.ceil(f.west / stepLon) * stepLon, i = 0; lon < f.east && i < 40; lon += stepLon, i += 1) {
    const x = f.x(lon);
    lines.push(svg('path', { class: 'grid', d: `M${x.toFixed(1)},0V${f.height}` }),
      x > 60 && x < f.width - 70 ? svg('text', { class: 'grid-label', x: (x + 3).toFixed(1), y: 12 }, `${Math.abs(lon).toFixed(digitsLon)}\u00b0${lon < 0 ? 'W' : 'E'}`) : null);
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

function draw(place, width) {
  const f = frame(place, Math.max(300, width));
  const lines = [];
  const marks = [];
  for (const t of place.things) {
    if (t.kind === 'aircraft') {
      const d = t.points.map((p, i) => `${i ? 'L' : 'M'}${f.x(p[0]).toFixed(1)},${f.y(p[1]).toFixed(1)}`).join('');
      lines.push(svg('path', { class: `track colour-${(Math.max(1, t.nth) - 1) % COLOURS + 1}`, d },
        svg('title', {}, `${t.title}: ${count(t.total)} positions`)));
    } else {
      // A person or a target that moves: a thin line and its last place.
      const last = t.points[t.points.length - 1];
      if (t.points.length > 1) {
        lines.push(svg('path', { class: 'track-thin', d: t.points.map((p, i) => `${i ? 'L' : 'M'}${f.x(p[0]).toFixed(1)},${f.y(p[1]).toFixed(1)}`).join('') }));
      }
      marks.push(svg('path', { class: `mark ${t.kind}`, d: (MARKS[t.kind] || MARKS.camera)(Math.round(f.x(last[0]) * 10) / 10, Math.round(f.y(last[1]) * 10) / 10) },
        svg('title', {}, `${t.title || ''} ${t.points.length > 1 && t.total ? `(${LEGEND[t.kind]}, last of ${count(t.total)} positions)` : ''} ${degrees(last[1], last[0])}`)));
    }
  }
  const order = ['camera', 'target', 'broadcast', 'landing', 'home', 'takeoff', 'controller', 'operator'];
  const rank = (m) => order.findIndex((k) => m.classList.contains(k));
  marks.sort((a, b) => rank(a) - rank(b));
  const wide = (f.east - f.west) * f.shrink * METRES_PER_DEGREE;
  return svg('svg', { class: 'local', viewBox: `0 0 ${f.width} ${f.height}`, role: 'img',
    'aria-label': `Map of about ${metres(wide)} width: ${summary(place)}` },
    svg('rect', { class: 'paper', width: f.width, height: f.height }), gridLines(f), lines, marks, scaleBar(f));
}

const plural = (n, one, many) => `${count(n)} ${n === 1 ? one : many}`;

function summary(place) {
  const paths = place.things.filter((t) => t.kind === 'aircraft').length;
  const photos = place.things.filter((t) => t.kind === 'camera').length;
  const people = place.things.filter((t) => t.kind === 'operator' || t.kind === 'controller').length;
  return [paths && plural(paths, 'flight path', 'flight paths'), photos && plural(photos, 'photo or video', 'photos and videos'),
    people && 'the position of the person flying'].filter(Boolean).join(', ') || 'positions';
}

function legend(place) {
  const kinds = Object.keys(LEGEND).filter((k) => place.things.some((t) => t.kind === k));
  return el('ul', { class: 'legend' }, kinds.map((kind) => el('li', {},
    svg('svg', { viewBox: '0 0 20 20', width: 18, height: 18, 'aria-hidden': 'true' },
      kind === 'aircraft' ? svg('path', { class: 'track colour-1', d: 'M1,14L8,6L12,13L19,5' }) : svg('path', { class: `mark ${kind}`, d: MARKS[kind](10, 10) })),
    LEGEND[kind])));
}

export function localSection(report, tracks) {
  const things = collect(report, tracks);
  if (things.length === 0) return null;
  const found = places(things).sort((a, b) => b.things.length - a.things.length);
  const stage = el('div', { class: 'local-stage' });
  const key = el('div', {});
  const middle = (p) => degrees((p.box[1] + p.box[3]) / 2, (p.box[0] + p.box[2]) / 2);
  let current = found[0];
  const show = () => {
    stage.replaceChildren(draw(current, Math.min(1100, stage.clientWidth || 900)));
    key.replaceChildren(legend(current));
  };
  const select = found.length < 2 ? null : el('label', { class: 'place' }, 'Place ',
    el('select', { onchange: (event) => { current = found[Number(event.target.value)]; show(); } },
      found.slice(0, 200).map((p, i) => el('option', { value: String(i) }, `${middle(p)} (${summary(p)})`))));
  const cut = (tracks && tracks.cut) || {};
  const made = section('places', 'Where it was',
    el('p', { class: 'lead' }, 'What the files keep about places: flight paths, take-off, the person flying, photos. ' +
      'Drawn from the positions alone; no map was asked for.'),
    select, stage, key,
    found.length > 1 ? el('p', { class: 'hint' }, `${count(found.length)} places; this drawing shows one of them.`) : null,
    cut.tracks || cut.cameras ? el('p', { class: 'hint' }, `Not drawn: ${count(cut.tracks || 0)} tracks and ${count(cut.cameras || 0)} photo positions; the case file has them.`) : null);
  let waiting = 0;
  addEventListener('resize', () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
  // The width is known once the section is in the page.
  made.addEventListener('placed', show, { once: true });
  return made;
}
