import { combinations, type ScaffoldOption, scaffoldOptions } from './options.ts';
import { ScaffoldProblem } from './problem.ts';

/** Chosen values by option id. Every option has an entry. */
export type Selections = Readonly<Record<string, readonly string[]>>;

const none = 'none';

/** The allowed values of a flag, for `--help` and error messages. */
export function allowedValues(option: ScaffoldOption): string {
  const values = option.choices.map((choice) => choice.value);
  return (option.kind === 'several' ? [...values, none] : values).join(', ');
}

/**
 * Parses the value of a flag: `docker,compose`, or `none`. A switch has the value true or false.
 *
 * @returns the values in the order of the table, with those that they imply
 * @throws ScaffoldProblem (usage) that names the allowed values
 */
export function parseSelection(option: ScaffoldOption, flag: string | boolean): readonly string[] {
  if (typeof flag === 'boolean') return [flag ? 'on' : 'off'];
  const given = flag.split(',').map((value) => value.trim());
  const several = option.kind === 'several';
  if (several && given.length === 1 && given[0] === none) return [];
  const unknown = given.find((value) => !option.choices.some((choice) => choice.value === value));
  if (unknown !== undefined) {
    throw new ScaffoldProblem(
      'usage',
      unknown === none && several
        ? `--${option.id}: "none" cannot be combined with other values.`
        : `--${option.id} does not accept "${unknown}".`,
      `Allowed values are ${allowedValues(option)}.`,
    );
  }
  if (!several && given.length > 1) {
    throw new ScaffoldProblem(
      'usage',
      `--${option.id} accepts one value only.`,
      `Allowed values are ${allowedValues(option)}.`,
    );
  }
  return withImplied(option, given);
}

/** The given values in the order of the table, with those that they imply. */
export function withImplied(option: ScaffoldOption, given: readonly string[]): readonly string[] {
  const wanted = new Set(given);
  for (const choice of option.choices) {
    if (wanted.has(choice.value)) for (const implied of choice.implies ?? []) wanted.add(implied);
  }
  return option.choices.map((choice) => choice.value).filter((value) => wanted.has(value));
}

/** The given values, with the defaults of the other options. */
export function withDefaults(given: Selections): Selections {
  return Object.fromEntries(
    scaffoldOptions.map((option) => [option.id, given[option.id] ?? option.defaults]),
  );
}

/**
 * The template folders of the chosen values, in the order of the table, then those of combinations. Later folders may replace
 * files of earlier ones.
 */
export function layersOf(selections: Selections): readonly string[] {
  const chosen = scaffoldOptions.flatMap((option) =>
    option.choices.filter((choice) => selections[option.id]?.includes(choice.value)),
  );
  const together = combinations.filter(({ needs }) =>
    Object.entries(needs).every(([id, values]) => values.some((value) => selections[id]?.includes(value))),
  );
  // Two choices may share a folder.
  return [
    ...new Set(['base', ...chosen.flatMap((choice) => choice.layers), ...together.map(({ layer }) => layer)]),
  ];
}

/** The value of an option that takes exactly one. */
export function chosen(selections: Selections, id: string): string {
  const [value] = selections[id] ?? [];
  if (value === undefined) throw new Error(`No value is chosen for ${id}.`);
  return value;
}
