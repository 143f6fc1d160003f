// The connections: columns of numbers ("leash.flows/1", html_flows.h), of which a row is made when it is
// looked at, so that a hundred thousand of them load in a moment.
import { t } from './words.js';

function unfold(column, length) {
  if (column.values) return column.values;
  const out = new Array(length);
  if (column.runs) {
    for (let i = 0, at = 0; i < column.runs.length; i += 2) {
      for (let end = at + column.runs[i + 1]; at < end; at += 1) out[at] = column.runs[i];
    }
  } else {
    for (let i = 0, sum = 0; i < length; i += 1) {
      sum += column.steps[i];
      out[i] = sum;
    }
  }
  return out;
}

const SHOWN = ['src', 'src_port', 'dst', 'dst_port', 'proto', 'service', 'host', 'host_source', 'first', 'last', 'phase', 'bytes_out', 'bytes_in',
  'payload_out', 'readable_out', 'opaque_out', 'missing_out', 'src_mac'];

// Rows that read like those of the JSON report.  `index` has some of them whole.
export function flowRows(block, index) {
  if (!block || block.problem || !block.columns) return [];
  const { words, base_ms: base, count } = block;
  const columns = {};
  for (const [name, column] of Object.entries(block.columns)) columns[name] = unfold(column, count);

  class Row {
    constructor(at) { this.at = at; }

    get id() { return this.number === null ? this.key : `${this.key}${this.number}`; }

    get origin() {
      const first = columns.packet_first[this.at];
      return first === null ? null : { packets: [first, first + columns.packets_after[this.at]] };
    }

    get first_ms() {
      const v = columns.first[this.at];
      return v === null ? null : base + v;
    }

    get last_ms() {
      const v = columns.lasted[this.at];
      return v === null ? null : this.first_ms + v;
    }

    get first() { return this.first_ms === null ? null : new Date(this.first_ms).toISOString(); }

    get last() { return this.last_ms === null ? null : new Date(this.last_ms).toISOString(); }

    // For the details: all members when the page has them, else those that it has.
    whole() {
      const known = index.get(this.id);
      if (known) return known;
      const row = { id: this.id, evidence: this.evidence, origin: this.origin };
      for (const name of SHOWN) row[name] = this[name];
      row.more = t('MORE_BY_EXPLAIN', this.id);
      return row;
    }
  }
  const texts = new Set(block.texts);
  for (const [name, column] of Object.entries(columns)) {
    if (name === 'first' || name === 'lasted' || name === 'packet_first' || name === 'packets_after') continue;
    Object.defineProperty(Row.prototype, name, texts.has(name)
      ? { get() { const v = column[this.at]; return v === null ? null : words[v]; } } : { get() { return column[this.at]; } });
  }
  const rows = new Array(count);
  for (let i = 0; i < count; i += 1) rows[i] = new Row(i);
  return rows;
}
