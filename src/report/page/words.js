// What the page says, in the language it was written in: the block of words comes from the table
// that the program has (words_page.h), and is filled as words.c fills it.
let words = {};
let language = 'en';

export function useWords(block) {
  words = block.words || {};
  language = block.language || 'en';
}

export const lang = () => language;

export function fill(template, values) {
  return template.replace(/\{(\d)(?:#([^|}]*)\|([^}]*))?\}/g, (_, nth, one, many) => {
    const value = values[Number(nth)];
    if (one === undefined) return value === undefined || value === null ? t('UNKNOWN') : String(value);
    return String(value) === '1' ? one : many;
  });
}

// A sentence by its key.
export function t(key, ...values) {
  return fill(words[key] === undefined ? key : words[key], values);
}

// What a closed list of the case calls it ("not_met"), or the value itself with blanks.
export const valueName = (value) => {
  if (value === null || value === undefined || value === '') return null;
  const said = words[`VALUE_${value}`];
  return said === undefined ? String(value).replace(/_/g, ' ') : said;
};

// The heading of a column or member.
export const fieldName = (name) => {
  const said = words[`FIELD_${name}`];
  return said === undefined ? name.replace(/_/g, ' ').replace(/^[a-z]/, (c) => c.toUpperCase()) : said;
};

// What the case recorded in English, in the language of the page: the block of told sentences is looked up.  One that it does not
// have stays as it is, and says so to a screen reader.
let said = {};

export function useTold(block) {
  said = block || {};
}

export const told = (sentence) => (typeof sentence === 'string' && Object.hasOwn(said, sentence) ? said[sentence] : sentence);
export const recorded = (sentence) => (language === 'en' || !sentence || Object.hasOwn(said, sentence) ? null : 'en');
