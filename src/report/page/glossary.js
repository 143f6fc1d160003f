// The words of the report that a reader may not know, and what the report is made from.
import { el, section } from './dom.js';
import { pairs } from './details.js';
import { list } from './numbers.js';
import { fieldName, t } from './words.js';

const TERMS = ['ADDRESSED', 'READABLE', 'OPAQUE', 'MISSING', 'COUNTRIES', 'NOT_SHOWN', 'ATTESTED', 'FINDING', 'PRECAUTION', 'PARTY', 'PHASE',
  'CLAIM_BITS', 'DECODING', 'COVERAGE', 'CAPTURE', 'FLIGHT_LOG', 'ENCRYPTED', 'HASH', 'REMOTE_ID', 'DEVICE_CLOCK'];

export function aboutSection(report) {
  const tool = report.tool || {};
  const versions = tool.data_versions && typeof tool.data_versions === 'object' ? Object.entries(tool.data_versions) : [];
  return [section('glossary', t('HEAD_GLOSSARY'), el('dl', { class: 'terms' }, TERMS.map((key) => el('div', {},
    el('dt', {}, t(`TERM_${key}`)), el('dd', {}, t(`MEANS_${key}`)))))),
  section('about', t('HEAD_ABOUT'),
    pairs([
      [fieldName('program'), tool.version ? `leash ${tool.version}` : null], [fieldName('audit_of'), tool.started], [fieldName('command'), tool.command ? el('code', {}, tool.command) : null],
      [fieldName('policy'), tool.policy], [fieldName('profiles'), list(tool.profiles)],
      [fieldName('data'), versions.map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`).join(', ')],
    ]),
    el('p', { class: 'hint' }, t('ABOUT_BORDERS')))];
}
