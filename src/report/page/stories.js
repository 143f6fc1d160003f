// One flight, told by several sources: which they are, on what they disagree, which has the best track.
import { el, section } from './dom.js';
import { fileOf } from './details.js';
import { table } from './table.js';
import { time } from './numbers.js';

export function storiesSection(tracks, index) {
  const { stories = [], story_sources: sources = [], story_differences: differences = [] } = tracks;
  if (stories.length === 0 && differences.length === 0) return null;
  const nameOf = (id) => {
    const row = index.get(id);
    return (row && fileOf(row.evidence)) || id || '';
  };
  const say = (d) => el('li', {}, el('strong', {}, nameOf(d.source)), `: ${d.statement || ''}`);
  const parts = stories.map((story) => {
    const mine = sources.filter((s) => s.story === story.id);
    const apart = differences.filter((d) => d.story === story.id);
    return [
      el('h3', {}, story.start ? `Flight of ${time(story.start)} UTC` : 'Flight at an unknown time'),
      table(mine, [
        { title: 'Source', value: (s) => nameOf(s.source), show: (s) => [el('strong', {}, nameOf(s.source)), s.source === story.best_track ? el('small', {}, 'best track') : null], wide: true },
        { title: 'Why it belongs here', value: (s) => s.reason, wide: true },
        { title: 'Clock', value: (s) => s.time_basis }, { title: 'Heights count from', value: (s) => s.alt_ref },
        { title: 'Apart', value: (s) => (typeof s.distance_m === 'number' ? `${s.distance_m.toFixed(1)} m` : null), order: (s) => s.distance_m, number: true },
      ], { label: 'sources of one flight', first: 15 }),
      el('p', {}, `Best track: ${nameOf(story.best_track)}. ${story.best_reason || ''}`),
      apart.length ? el('ul', { class: 'notes' }, apart.map(say)) : el('p', {}, 'They do not disagree.'),
    ];
  });
  const undecided = differences.filter((d) => !d.story);
  return section('stories', 'One flight, several sources',
    el('p', { class: 'lead' }, 'Logs, videos and photos of the same flight, put together by serial number, time and place. What they disagree on is listed; what could not be decided was not put together.'),
    ...parts, undecided.length ? [el('h3', {}, 'Not decided'), el('ul', { class: 'notes' }, undecided.map(say))] : null);
}
