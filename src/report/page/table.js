// A table that sorts, filters and copies, and holds as many rows as a screen can show: a hundred
// thousand rows are an array, never a hundred thousand elements.
import { el, safe } from './dom.js';
import { count, decimal } from './numbers.js';
import { onPaper } from './paper.js';
import { lang, t } from './words.js';

const FIRST = 12;
const PAGE = 100;
const PAPER = 60; // rows that are printed; the line above them says of how many

const collator = new Intl.Collator(document.documentElement.lang || 'en', { numeric: true });
const TAB = decodeURIComponent('%09'); // the bundler would write it as it is, and the page holds no control characters

const isUnknown = (v) => v === null || v === undefined || v === '';

const compare = (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b)));

// As in the CSV: what a spreadsheet would run as a formula gets an apostrophe in front of it.
const cellText = (v) => {
  const text = isUnknown(v) ? '' : typeof v === 'number' ? decimal(v) : String(v).replace(/[\t\r\n]+/g, ' ');
  return typeof v !== 'number' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
};

// The clipboard of pages opened from a file is not to be had everywhere: then by a selection.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el('textarea', { class: 'hidden-text', 'aria-hidden': 'true', tabindex: -1 });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

// columns: { title, value(row), show(row)?, number?, pair?, wide?, minor?, order? }; pair: two words, a line each at least
//   value is what is sorted, filtered and copied by; show makes the cell (default: the value);
//   minor columns are left out in print.
// options: { label, details(row)?, first?, paper?, sort?: [column, descending] }
export function table(rows, columns, options) {
  const keys = columns.map(() => null);
  const texts = new Array(rows.length);
  const all = rows.map((_, i) => i);
  let order = all;
  let size = options.first || FIRST; // rows on the page
  let start = 0;                     // the first of them
  let [sortedBy, descending] = options.sort || [-1, false];
  let query = '';

  const keysOf = (column) => {
    keys[column] = keys[column] || rows.map((row) => (columns[column].order || columns[column].value)(row));
    return keys[column];
  };
  const textOf = (i) => {
    if (texts[i] === undefined) {
      texts[i] = columns.map((column) => {
        const v = column.value(rows[i]);
        return isUnknown(v) ? '' : v;
      }).join('\n').toLowerCase();
    }
    return texts[i];
  };

  const arrange = () => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    order = words.length ? all.filter((i) => words.every((w) => textOf(i).includes(w))) : all.slice();
    if (sortedBy >= 0) {
      const k = keysOf(sortedBy);
      const sign = descending ? -1 : 1;
      // Unknown last, whichever way.
      order.sort((a, b) => (isUnknown(k[a]) || isUnknown(k[b]) ? isUnknown(k[a]) - isUnknown(k[b]) : sign * compare(k[a], k[b])) || a - b);
    }
    start = 0;
  };

  const body = el('tbody', { role: 'rowgroup' });
  const status = el('p', { class: 'table-status', role: 'status' });
  const button = (key, act) => el('button', { type: 'button', class: 'more', onclick: act }, t(key));
  const more = button('SHOW_MORE', () => { size = PAGE; paint(); });
  const turn = (to) => () => { start = Math.max(0, Math.min(to(), Math.floor((order.length - 1) / size) * size)); paint(); };
  const earlier = [button('FIRST_ROWS', turn(() => 0)), button('EARLIER_ROWS', turn(() => start - size))];
  const later = [button('LATER_ROWS', turn(() => start + size)), button('LAST_ROWS', turn(() => order.length - 1))];
  const copied = el('span', { class: 'table-status', role: 'status' });
  const copy = el('button', { type: 'button', class: 'copy', title: t('COPY_HINT'), 'aria-label': t('COPY_LABEL', options.label), onclick: async () => {
    const lines = order.map((i) => columns.map((c) => cellText(c.value(rows[i]))).join(TAB));
    const done = await copyText([columns.map((c) => c.title).join(TAB), ...lines].join('\n'));
    copied.textContent = done ? t('COPIED', count(order.length)) : t('NOT_COPIED');
  } }, t('COPY'));

  const headers = columns.map((column, i) => {
    const sorter = el('button', { type: 'button', onclick: () => sortBy(i) }, column.title);
    return el('th', { scope: 'col', role: 'columnheader', class: [column.number && 'number', column.minor && 'minor'].filter(Boolean).join(' ') || null }, sorter);
  });

  function sortBy(i) {
    // Numbers are looked at from the largest.
    descending = sortedBy === i ? !descending : Boolean(columns[i].number);
    sortedBy = i;
    arrange();
    paint();
  }

  const cellsOf = (row) => columns.map((column) => {
    const content = (column.show || column.value)(row);
    const empty = isUnknown(content);
    return el('td', {
      role: 'cell', 'data-label': column.title, lang: column.lang ? column.lang(row) : null,
      class: [column.number && 'number', column.pair && 'pair', column.wide && 'wide', column.minor && 'minor', empty && 'empty'].filter(Boolean).join(' ') || null,
    }, empty ? el('span', { class: 'none', title: t('UNKNOWN') }, '\u2013') : content);
  });

  function rowOf(i) {
    const row = rows[i];
    const line = el('tr', { role: 'row', id: row.id && !document.getElementById(row.id) ? row.id : null }, cellsOf(row));
    if (!options.details) return line;
    const opener = el('button', { type: 'button', class: 'open', 'aria-expanded': 'false', 'aria-label': t('DETAILS_OF', row.id || t('THIS_ROW')) });
    line.append(el('td', { role: 'cell', class: 'opener' }, opener));
    opener.addEventListener('click', () => {
      const open = opener.getAttribute('aria-expanded') === 'true';
      opener.setAttribute('aria-expanded', String(!open));
      if (open) line.nextSibling.remove();
      else line.after(el('tr', { role: 'row', class: 'detail' },
        el('td', { role: 'cell', colspan: columns.length + 1 }, options.details(row))));
    });
    return line;
  }

  function paint() {
    const end = Math.min(order.length, start + size);
    const fragment = document.createDocumentFragment();
    for (let at = start; at < end; at += 1) fragment.append(rowOf(order[at]));
    body.replaceChildren(fragment);
    headers.forEach((th, i) => th.setAttribute('aria-sort', i !== sortedBy ? 'none' : descending ? 'descending' : 'ascending'));
    const range = end - start <= 1 ? count(end) : t('RANGE', count(start + 1), count(end));
    status.textContent = safe(query ? t('ROWS_MATCHING', range, count(order.length), count(rows.length)) : t('ROWS_SHOWN', range, count(rows.length)));
    more.hidden = size === PAGE || order.length <= size;
    for (const b of earlier) b.hidden = size !== PAGE || start === 0;
    for (const b of later) b.hidden = size !== PAGE || end === order.length;
  }

  let waiting = 0;
  const filter = el('input', {
    type: 'search', class: 'filter', placeholder: t('FILTER'), 'aria-label': t('FILTER_LABEL', options.label), autocomplete: 'off',
    spellcheck: 'false', lang: lang(),
    oninput: (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        query = event.target.value;
        arrange();
        paint();
      }, rows.length > 2000 ? 200 : 30);
    },
  });

  if (options.sort) arrange();
  paint();
  onPaper(() => {
    const screen = [start, size];
    const buttons = headers.map((th) => th.firstChild);
    [start, size] = [0, Math.max(size, options.paper || PAPER)];
    headers.forEach((th, i) => { th.textContent = columns[i].title; }); // a row of buttons is not said again on the next page
    paint();
    return () => {
      [start, size] = screen;
      headers.forEach((th, i) => th.replaceChildren(buttons[i]));
      paint();
    };
  });
  // What scrolls sideways must be reachable with the keyboard.
  return el('div', { class: 'table' },
    el('div', { class: 'table-tools' }, rows.length > 5 ? filter : null, status, copy, copied),
    el('div', { class: 'table-scroll', tabindex: 0, role: 'group', 'aria-label': options.label },
      el('table', { role: 'table', 'aria-label': options.label },
        el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, headers,
          options.details ? el('th', { scope: 'col', role: 'columnheader', class: 'opener' },
            el('span', { class: 'hidden-text' }, t('DETAILS'))) : null)),
        body)),
    el('div', { class: 'pager' }, more, earlier, later));
}
