import { ScaffoldProblem } from './problem.ts';

export interface Choice {
  value: string;
  /** What a person reads in the list of choices. */
  label: string;
  /** Template folders, below `templates/`, that this choice adds. */
  layers: readonly string[];
  /** Values of the same option that this one cannot do without. */
  implies?: readonly string[];
}

export interface ScaffoldOption {
  /** The flag without its dashes. */
  id: string;
  /** What the flag does, for `--help`. */
  summary: string;
  question: string;
  /** Several values, or `none`; else exactly one value. */
  multiple: boolean;
  choices: readonly Choice[];
  defaults: readonly string[];
}

/** Chosen values by option id. Every option has an entry. */
export type Selections = Readonly<Record<string, readonly string[]>>;

/**
 * Everything about the generated project that can be chosen, in the order of the questions. A new choice is a row here and
 * the folders it names: flags, questions and the plan follow from this table.
 */
export const scaffoldOptions: readonly ScaffoldOption[] = [
  {
    id: 'deploy',
    summary: 'what the project is deployed with',
    question: 'How will it be deployed?',
    multiple: true,
    choices: [
      { value: 'docker', label: 'Dockerfile', layers: ['deploy/docker'] },
      { value: 'compose', label: 'Docker Compose', layers: ['deploy/compose'], implies: ['docker'] },
    ],
    defaults: ['docker', 'compose'],
  },
];

const none = 'none';

/** What the flag takes, for `--help` and error messages. */
export function acceptedValues(option: ScaffoldOption): string {
  const values = option.choices.map((choice) => choice.value);
  return (option.multiple ? [...values, none] : values).join(', ');
}

/**
 * Reads the value of a flag: `docker,compose`, or `none`.
 *
 * @returns the values in the order of the table, completed by what they imply
 * @throws ScaffoldProblem (usage) that names the accepted values
 */
export function parseSelection(option: ScaffoldOption, text: string): readonly string[] {
  const given = text.split(',').map((value) => value.trim());
  if (option.multiple && given.length === 1 && given[0] === none) return [];
  const unknown = given.find((value) => !option.choices.some((choice) => choice.value === value));
  if (unknown !== undefined) {
    throw new ScaffoldProblem(
      'usage',
      unknown === none && option.multiple
        ? `--${option.id}: "none" cannot be combined with other values.`
        : `--${option.id}: "${unknown}" is not a value of this option.`,
      `Accepted: ${acceptedValues(option)}.`,
    );
  }
  if (!option.multiple && given.length > 1) {
    throw new ScaffoldProblem(
      'usage',
      `--${option.id} takes one value.`,
      `Accepted: ${acceptedValues(option)}.`,
    );
  }
  return complete(option, given);
}

/** The given values in the order of the table, together with those they imply. */
export function complete(option: ScaffoldOption, given: readonly string[]): readonly string[] {
  const wanted = new Set(given);
  for (const choice of option.choices) {
    if (wanted.has(choice.value)) for (const implied of choice.implies ?? []) wanted.add(implied);
  }
  return option.choices.map((choice) => choice.value).filter((value) => wanted.has(value));
}

/** The template folders of the chosen values, in the order of the table. Later ones may replace files of earlier ones. */
export function layersOf(selections: Selections): readonly string[] {
  const chosen = scaffoldOptions.flatMap((option) =>
    option.choices.filter((choice) => selections[option.id]?.includes(choice.value)),
  );
  return ['base', ...chosen.flatMap((choice) => choice.layers)];
}
