// What lies under the local map: tiles of a map file that the operator gave, as shapes in the page's colours, or as pictures on a
// canvas.  Pictures are decoded from bytes in the page, which asks nobody and needs no more rights than the page has.
import { el, svg } from './dom.js';
import { count } from './numbers.js';
import { t } from './words.js';

const SIDE = 1024; // of a tile, in its own units
const ORDER = ['green', 'built', 'water', 'stream', 'building', 'border', 'road', 'road-large'];
const NAMES_SHOWN = 24;

const longitude = (x, zoom) => x / 2 ** zoom * 360 - 180;
const latitude = (y, zoom) => Math.atan(Math.sinh(Math.PI * (1 - 2 * y / 2 ** zoom))) * 180 / Math.PI;

// The ground of a place: the one whose tiles hold its middle.
export function groundOf(map, box) {
  const [lon, lat] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  return ((map && map.places) || []).find(({ zoom, tiles }) => tiles.some(({ x, y }) => longitude(x, zoom) <= lon && lon <= longitude(x + 1, zoom) &&
    latitude(y + 1, zoom) <= lat && lat <= latitude(y, zoom))) || null;
}

// Where a tile lies in the drawing: straight within a tile, whose edges are exact.
const corners = (f, zoom, { x, y }) => {
  const [left, top] = [f.x(longitude(x, zoom)), f.y(latitude(y, zoom))];
  return { left, top, wide: f.x(longitude(x + 1, zoom)) - left, high: f.y(latitude(y + 1, zoom)) - top };
};

export function groundShapes(ground, f) {
  return ORDER.map((kind) => svg('g', { class: `ground ground-${kind}` }, ground.tiles.map((tile) => {
    const path = tile.shapes && tile.shapes[kind];
    if (typeof path !== 'string') return null;
    const c = corners(f, ground.zoom, tile);
    return svg('path', { d: path, transform: `translate(${c.left.toFixed(2)} ${c.top.toFixed(2)}) scale(${(c.wide / SIDE).toFixed(5)} ${(c.high / SIDE).toFixed(5)})` });
  })));
}

// The most important first; none over another.
export function groundNames(ground, f) {
  const taken = [];
  const free = (b) => taken.every((o) => b[2] < o[0] || b[0] > o[2] || b[3] < o[1] || b[1] > o[3]);
  return (ground.names || []).slice().sort((a, b) => a.rank - b.rank).map((place) => {
    const [x, y] = [f.x(place.at[0]), f.y(place.at[1])];
    const half = place.name.length * 3.6 + 4;
    const bounds = [x - half, y - 9, x + half, y + 9];
    if (taken.length === NAMES_SHOWN || x < half || x > f.width - half || y < 24 || y > f.height - 44 || !free(bounds)) return null;
    taken.push(bounds);
    return svg('text', { class: `ground-name${place.rank <= 2 ? ' ground-name-large' : ''}`, x: x.toFixed(1), y: (y + 4).toFixed(1), 'text-anchor': 'middle' }, place.name);
  });
}

const bitmaps = new WeakMap();

function bitmapOf(tile) {
  if (!bitmaps.has(tile)) {
    const bytes = Uint8Array.from(atob(tile.picture), (c) => c.charCodeAt(0));
    bitmaps.set(tile, createImageBitmap(new Blob([bytes], { type: tile.type })).catch(() => null));
  }
  return bitmaps.get(tile);
}

export function groundPictures(ground, f) {
  const tiles = ground.tiles.filter((tile) => typeof tile.picture === 'string');
  if (tiles.length === 0) return null;
  const sharp = 2;
  const canvas = el('canvas', { class: 'ground-canvas', width: f.width * sharp, height: f.height * sharp, 'aria-hidden': 'true' });
  const paint = canvas.getContext('2d');
  paint.scale(sharp, sharp);
  for (const tile of tiles) {
    bitmapOf(tile).then((bitmap) => {
      const c = corners(f, ground.zoom, tile);
      if (bitmap) paint.drawImage(bitmap, c.left, c.top, c.wide, c.high);
    });
  }
  return canvas;
}

// Whose map it is stands beside it, as maps ask for, and what is not there.
export function groundNotes(map, ground) {
  if (!map) return null;
  const from = map.name && map.attribution ? t('MAP_CREDIT_OF', map.attribution, map.name)
    : map.attribution || map.name ? t('MAP_CREDIT', map.attribution || map.name) : t('MAP_CREDIT_NONE');
  return el('p', { class: 'hint map-notes' }, ground ? [el('span', { class: 'map-credit' }, from), ' '] : [t('MAP_NOT_HERE'), ' '], t('MAP_FROM_FILE'),
    map.damaged ? ` ${t('MAP_DAMAGED', count(map.damaged))}` : null, map.cut ? ` ${t('MAP_CUT', count(map.cut))}` : null,
    map.left_out ? ` ${t('MAP_LEFT_OUT', count(map.left_out))}` : null);
}
