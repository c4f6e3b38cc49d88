import type { Call } from '../module.ts';
import type { Names } from '../names.ts';

/** Whether a call is of a method by one of these names, and gives one of these options a value. */
export function isMethodOf(
  { callee, keywords, args }: Call,
  methods: readonly string[],
  names: Names,
  options: readonly string[],
): boolean {
  if (callee.kind !== 'member' || !methods.includes(callee.name)) return false;
  const objects = args.map((arg) => names.literal(arg));
  return options.some(
    (option) =>
      keywords.has(option) || objects.some((value) => value?.kind === 'object' && value.entries.has(option)),
  );
}
