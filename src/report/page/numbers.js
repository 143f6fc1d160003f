// Numbers as words.c writes them, so that the same fact reads the same everywhere.
import { lang, t } from './words.js';

const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
const known = (v) => v !== null && v !== undefined && v !== '';
const spanish = () => lang() === 'es';

export const unknown = () => t('UNKNOWN');
export const decimal = (text) => (spanish() ? String(text).replace('.', ',') : String(text));

export const count = (n) => (known(n) ? String(n).replace(/\B(?=(\d{3})+(?!\d))/g, spanish() ? '\u00a0' : ',') : unknown());

export function bytes(n) {
  if (!known(n)) return unknown();
  if (n < 10000) return `${count(n)} byte${n === 1 ? '' : 's'}`;
  let value = n / 1000;
  let unit = 0;
  while (value >= 999.5 && unit + 1 < UNITS.length) {
    value /= 1000;
    unit += 1;
  }
  return `${decimal(value.toFixed(value < 99.95 ? 1 : 0))} ${UNITS[unit]}`;
}

export function duration(seconds) {
  if (!known(seconds) || !(seconds >= 0) || seconds > 1e15) return unknown();
  const s = Math.round(seconds);
  if (s === 0 && seconds > 0) return t('UNDER_SECOND');
  if (s < 60) return `${s} s`;
  if (s < 3600) return s % 60 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${s / 60} min`;
  if (s < 172800) {
    const minutes = Math.floor(s / 60) % 60;
    return `${Math.floor(s / 3600)} h${minutes ? ` ${minutes} min` : ''}`;
  }
  return t('DAYS', count(Math.floor(s / 86400)));
}

export function metres(m) {
  return m >= 10000 ? `${count(Math.round(m / 1000))} km` : m >= 1000 ? `${decimal((m / 1000).toFixed(1))} km` : `${Math.round(m)} m`;
}

// RFC 3339 UTC, to the second; the whole value stands in the row's details.
export const time = (at) => (known(at) ? `${String(at).slice(0, 19).replace('T', ' ')}` : null);

export const degrees = (lat, lon) => `${decimal(Math.abs(lat).toFixed(5))}\u00b0 ${t(lat < 0 ? 'SOUTH' : 'NORTH')}, ${decimal(Math.abs(lon).toFixed(5))}\u00b0 ${t(lon < 0 ? 'WEST' : 'EAST')}`;

export const list = (items) => (Array.isArray(items) ? items.filter(known).join(', ') : '');
