// A table that sorts and filters, and shows as many rows as were asked for: a hundred
// thousand rows are an array, never a hundred thousand elements.
import { el, safe } from './dom.js';
import { count } from './numbers.js';

const FIRST = 12;
const MORE = 100;

const compare = (a, b) => {
  const noA = a === null || a === undefined || a === '';
  const noB = b === null || b === undefined || b === '';
  if (noA || noB) return noA - noB; // unknown last, whichever way
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
};

// columns: { title, value(row), show(row)?, number?, wide?, minor?, order? }
//   value is what is sorted and filtered by; show makes the cell (default: the value);
//   minor columns are left out in print.
// options: { label, details(row)?, first?, sort?: [column, descending] }
export function table(rows, columns, options) {
  const keys = columns.map(() => null);
  const texts = new Array(rows.length);
  const all = rows.map((_, i) => i);
  let order = all;
  let shown = options.first || FIRST;
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
        return v === null || v === undefined ? '' : v;
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
      const unknown = (v) => v === null || v === undefined || v === '';
      order.sort((a, b) => (unknown(k[a]) || unknown(k[b]) ? compare(k[a], k[b]) : sign * compare(k[a], k[b])) || a - b);
    }
  };

  const body = el('tbody', { role: 'rowgroup' });
  const status = el('p', { class: 'table-status', 'aria-live': 'polite' });
  const more = el('button', { type: 'button', class: 'more', onclick: () => { shown += MORE; paint(); } }, '');
  const headers = columns.map((column, i) => {
    const button = el('button', { type: 'button', onclick: () => sortBy(i) }, column.title);
    return el('th', { scope: 'col', role: 'columnheader', class: [column.number && 'number', column.minor && 'minor'].filter(Boolean).join(' ') || null }, button);
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
    const empty = content === null || content === undefined || content === '';
    return el('td', {
      role: 'cell', 'data-label': column.title,
      class: [column.number && 'number', column.wide && 'wide', column.minor && 'minor', empty && 'empty'].filter(Boolean).join(' ') || null,
    }, empty ? el('span', { class: 'none', title: 'unknown' }, '\u2013') : content);
  });

  function rowOf(i) {
    const row = rows[i];
    const cells = cellsOf(row);
    const line = el('tr', { role: 'row', id: row.id && !document.getElementById(row.id) ? row.id : null }, cells);
    if (!options.details) return [line];
    const button = el('button', {
      type: 'button', class: 'open', 'aria-expanded': 'false', 'aria-label': `Details of ${row.id || 'this row'}`,
    });
    line.append(el('td', { role: 'cell', class: 'opener' }, button));
    button.addEventListener('click', () => {
      const open = button.getAttribute('aria-expanded') === 'true';
      button.setAttribute('aria-expanded', String(!open));
      if (open) line.nextSibling.remove();
      else line.after(el('tr', { role: 'row', class: 'detail' },
        el('td', { role: 'cell', colspan: columns.length + 1 }, options.details(row))));
    });
    return [line];
  }

  function paint() {
    const fragment = document.createDocumentFragment();
    order.slice(0, shown).forEach((i) => fragment.append(...rowOf(i)));
    body.replaceChildren(fragment);
    headers.forEach((th, i) => th.setAttribute('aria-sort', i !== sortedBy ? 'none' : descending ? 'descending' : 'ascending'));
    const visible = Math.min(shown, order.length);
    status.textContent = safe(query
      ? `${count(visible)} of ${count(order.length)} matching rows shown (${count(rows.length)} in all)`
      : `${count(visible)} of ${count(rows.length)} ${rows.length === 1 ? 'row' : 'rows'} shown`);
    more.hidden = visible === order.length;
    more.textContent = `Show ${count(Math.min(MORE, order.length - visible))} more`;
  }

  let waiting = 0;
  const filter = el('input', {
    type: 'search', class: 'filter', placeholder: 'Filter', 'aria-label': `Filter ${options.label}`, autocomplete: 'off',
    spellcheck: 'false',
    oninput: (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        query = event.target.value;
        shown = options.first || FIRST;
        arrange();
        paint();
      }, rows.length > 2000 ? 200 : 30);
    },
  });

  arrange();
  paint();
  return el('div', { class: 'table' },
    el('div', { class: 'table-tools' }, rows.length > 5 ? filter : null, status),
    el('div', { class: 'table-scroll' },
      el('table', { role: 'table', 'aria-label': options.label },
        el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, headers,
          options.details ? el('th', { scope: 'col', role: 'columnheader', class: 'opener' },
            el('span', { class: 'hidden-text' }, 'Details')) : null)),
        body)),
    more);
}
