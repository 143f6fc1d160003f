// Elements are made here and only here.  Text becomes text nodes, never markup, and what
// could deceive the eye is shown as an escape, as terminal_safe does in the other forms.

const DECEPTIVE = /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ue000-\uf8ff]|[\u{1bca0}-\u{1bca3}]|[\u{1d173}-\u{1d17a}]|[\u{e0000}-\u{10ffff}]|[\ud800-\udfff]/gu;
const STACKED = /(\p{Mn}{2})(\p{Mn}+)/gu;

const escape = (s) => [...s].map((c) => {
  const code = c.codePointAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}).join('');

const PLAIN = /^[ -[\]-~]*$/; // most texts: nothing to look for

export const safe = (value) => {
  const text = String(value);
  if (PLAIN.test(text)) return text;
  return text.replace(/\\(?=[xu\\])/g, '\\\\')
    .replace(DECEPTIVE, escape)
    .replace(STACKED, (_, kept, rest) => kept + escape(rest));
};

function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(safe(child)));
  }
  return parent;
}

function fill(element, attributes) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : safe(value));
  }
  return element;
}

export const el = (tag, attributes, ...children) =>
  append(fill(document.createElement(tag), attributes), children);

export const svg = (tag, attributes, ...children) =>
  append(fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes), children);

export function section(id, title, ...children) {
  return el('section', { id, class: 'block' }, el('h2', {}, title), ...children);
}
