// One flight, told by several sources: which they are, on what they disagree, which has the best track.
import { el, section } from './dom.js';
import { fileOf } from './details.js';
import { table } from './table.js';
import { decimal, time } from './numbers.js';
import { fieldName, recorded, t, told, valueName } from './words.js';

export function storiesSection(tracks, index) {
  const { stories = [], story_sources: sources = [], story_differences: differences = [] } = tracks;
  if (stories.length === 0 && differences.length === 0) return null;
  const nameOf = (id) => {
    const row = index.get(id);
    return (row && fileOf(row.evidence)) || id || '';
  };
  const say = (d) => el('li', {}, el('strong', {}, nameOf(d.source)), ': ', el('span', { lang: recorded(d.statement) }, told(d.statement) || ''));
  const parts = stories.map((story) => {
    const mine = sources.filter((s) => s.story === story.id);
    const apart = differences.filter((d) => d.story === story.id);
    const title = story.start ? t('FLIGHT_OF', time(story.start)) : t('FLIGHT_UNTIMED');
    return [
      el('h3', {}, title),
      table(mine, [
        { title: fieldName('source'), value: (s) => nameOf(s.source), show: (s) => [el('strong', {}, nameOf(s.source)), s.source === story.best_track ? el('small', {}, t('BEST_TRACK_MARK')) : null], wide: true },
        { title: fieldName('belongs_because'), value: (s) => told(s.reason), show: (s) => el('span', { lang: recorded(s.reason) }, told(s.reason) || ''), wide: true },
        { title: fieldName('time_basis'), value: (s) => valueName(s.time_basis) }, { title: fieldName('alt_ref'), value: (s) => valueName(s.alt_ref) },
        { title: fieldName('apart'), value: (s) => (typeof s.distance_m === 'number' ? `${decimal(s.distance_m.toFixed(1))} m` : null), order: (s) => s.distance_m, number: true },
      ], { label: title, first: 15 }),
      el('p', {}, t('BEST_TRACK', nameOf(story.best_track)), ' ', el('span', { lang: recorded(story.best_reason) }, told(story.best_reason) || '')),
      apart.length ? el('ul', { class: 'notes' }, apart.map(say)) : el('p', {}, t('NO_DISAGREEMENT')),
    ];
  });
  const single = differences.filter((d) => !d.story);
  const heard = single.filter((d) => String(d.kind).startsWith('broadcast_'));
  const undecided = single.filter((d) => !String(d.kind).startsWith('broadcast_'));
  return section('stories', t('HEAD_STORIES'), el('p', { class: 'lead' }, t('LEAD_STORIES')),
    ...parts, heard.length ? [el('h3', {}, t('HEARD_OF_IT')), el('ul', { class: 'notes' }, heard.map(say))] : null,
    undecided.length ? [el('h3', {}, t('NOT_DECIDED')), el('ul', { class: 'notes' }, undecided.map(say))] : null);
}
