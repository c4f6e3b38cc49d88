import type { CallRecord } from '../../../evidence/lab/client.ts';

/**
 * Whether two results may come from the same data: they are equal but for the arguments in them, or have the same numbers. Results
 * that change from one equal call to the next show nothing.
 */
export function resultsShareData(
  first: CallRecord,
  other: CallRecord,
  repeated: readonly CallRecord[],
): boolean {
  const given = [first, other].flatMap(({ arguments: values }) => textsIn(values));
  const [left, right] = [dataOf(first, given), dataOf(other, given)];
  if (left === right) return true;
  if (numbersIn(left) !== '' && numbersIn(left) === numbersIn(right)) return true;
  return repeated.some((call) => dataOf(call, given) !== left);
}

/** The text of a result without what the arguments say. */
function dataOf({ outcome }: CallRecord, given: readonly string[]): string {
  const text = outcome.kind === 'result' ? outcome.text.toLowerCase() : '';
  const without = given
    .filter((value) => !isNumber(value))
    .reduce((rest, value) => rest.replaceAll(value, ''), text);
  return without.replace(numbers, (number) => (given.includes(number) ? '' : number));
}

const numbers = /\d+(?:\.\d+)?/g;
const isNumber = (text: string): boolean => text.replace(numbers, '') === '';
const numbersIn = (text: string): string => (text.match(numbers) ?? []).join(' ');

/** The texts and numbers of arguments, the longest first. */
function textsIn(value: unknown): string[] {
  const texts: string[] = [];
  JSON.stringify(value, (_name, inner) => {
    if (typeof inner === 'string') texts.push(inner.toLowerCase());
    if (typeof inner === 'number') texts.push(String(Math.abs(inner)));
    return inner;
  });
  return texts.filter((text) => text !== '').sort((left, right) => right.length - left.length);
}
