import { chosen, type Selections } from './selections.ts';

/** The points of the smallest extended checklist that applies to a generated project. */
const possiblePoints = 145;

interface Shortfall {
  points: number;
  applies: (selections: Selections) => boolean;
}

const deploysTo = (selections: Selections, ...values: string[]): boolean =>
  values.some((value) => selections.deploy?.includes(value));

/** What an audit in the lab cannot show of the project that these choices make. */
const shortfalls: readonly Shortfall[] = [
  // endpoint-authentication fails.
  { points: 5, applies: (selections) => chosen(selections, 'auth') === 'none' },
  // Nothing declares a restart policy and resource limits.
  {
    points: 10,
    applies: (selections) => !deploysTo(selections, 'compose', 'kubernetes', 'fly', 'render', 'systemd'),
  },
  // Nothing declares a user and an image.
  { points: 10, applies: (selections) => !deploysTo(selections, 'docker', 'systemd') },
  // Only compose.yaml runs the log collector.
  {
    points: 2.5,
    applies: (selections) =>
      chosen(selections, 'observability') === 'full' && !deploysTo(selections, 'compose'),
  },
];

/** The score that a generated project reaches in the lab. Its pipeline requires this score. */
export function reachableScore(selections: Selections): number {
  const missing = shortfalls.filter(({ applies }) => applies(selections));
  const points = missing.reduce((sum, shortfall) => sum + shortfall.points, 0);
  return Math.floor(100 - (100 * points) / possiblePoints);
}
