import { isObject, ownValue } from '../../text/json.ts';
import { makeValue, resolve } from './arguments.ts';
import { createPatterns, type Patterns } from './patterns.ts';
import { sampleByFormat } from './sample-values.ts';

/** Levels of a schema to look into. */
const maxDepth = 6;
const maxVisits = 500;
const maxArguments = 20;

/** An argument of a tool that can carry a text of the lab. Its other arguments keep their values. */
export interface TextArgument {
  /** "city", "place.city", "cities[]" */
  path: string;
  /** How the text gets there: as the schema says, in place of a value of another type, or under a name that the schema lacks. */
  by: 'text' | 'other-type' | 'unknown-argument';
  /** The value before, where it is an address: servers refuse a text that is none. */
  prefix: string;
  minLength: number;
  maxLength: number;
  /** Whether the schema allows this text. */
  allows: (text: string) => boolean;
  put: (text: string) => Record<string, unknown>;
}

type Schema = Record<string, unknown>;
/** A number is the first item of a list. */
type Step = string | number;

/**
 * The arguments of a tool that take text, also in objects and lists, required first. Without any, two other places: an argument of
 * another type, and one that the schema lacks. Attackers ignore schemas.
 *
 * @param given valid arguments, which show what is a string if the schema does not
 */
export function textArgumentsOf(
  inputSchema: unknown,
  given: Record<string, unknown>,
  patterns: Patterns = createPatterns(),
): TextArgument[] {
  const root = isObject(inputSchema) ? inputSchema : {};
  const found: TextArgument[] = [];
  let visits = 0;
  const visit = (schema: unknown, value: unknown, steps: readonly Step[]) => {
    visits += 1;
    if (visits > maxVisits || found.length >= maxArguments || steps.length > maxDepth) return;
    const forms = formsOf(schema, root);
    const texts = forms.filter((form) => isText(form, value));
    if (texts.length > 0 || (forms.length === 0 && typeof value === 'string')) {
      found.push(textArgument(texts, value, steps, { root, given, patterns }));
      return;
    }
    for (const form of forms) {
      const inner = innerOf(form, value, steps.length > 0);
      for (const { step, schema: next, value: nextValue } of inner) visit(next, nextValue, [...steps, step]);
    }
  };
  for (const name of namesOf(root, given)) {
    visit(ownValue(root.properties, name), ownValue(given, name), [name]);
  }
  return found.length > 0 ? found : otherPlaces(root, given);
}

/** Required ones first. */
function namesOf(schema: Schema, value: unknown): string[] {
  const required = new Set<unknown>(Array.isArray(schema.required) ? schema.required : []);
  const properties = isObject(schema.properties) ? schema.properties : {};
  return [...new Set([...Object.keys(properties), ...Object.keys(isObject(value) ? value : {})])]
    .slice(0, maxVisits)
    .sort((left, right) => Number(required.has(right)) - Number(required.has(left)));
}

/** The alternatives of a schema, with references resolved. */
function formsOf(schema: unknown, root: Schema, depth = 0): Schema[] {
  if (!isObject(schema) || depth > maxDepth) return [];
  if (typeof schema.$ref === 'string') return formsOf(resolve(schema.$ref, root), root, depth + 1);
  const options = [schema.anyOf, schema.oneOf, schema.allOf].find(Array.isArray);
  if (options === undefined) return [schema];
  return options.slice(0, maxArguments).flatMap((option) => formsOf(option, root, depth + 1));
}

function isText({ type, enum: values, const: only }: Schema, value: unknown): boolean {
  if (type !== undefined) return (Array.isArray(type) ? type : [type]).includes('string');
  return [value, only, Array.isArray(values) ? values[0] : undefined].some((one) => typeof one === 'string');
}

/** What is inside an object or a list. A free-form one takes text under any name. */
function innerOf(
  form: Schema,
  value: unknown,
  nested: boolean,
): { step: Step; schema: unknown; value: unknown }[] {
  const text = { type: 'string' };
  if (form.type === 'array') {
    return [{ step: 0, schema: form.items ?? text, value: Array.isArray(value) ? value[0] : undefined }];
  }
  if (form.type !== 'object' && !isObject(form.properties)) return [];
  const names = namesOf(form, value);
  const { additionalProperties: more } = form;
  const free = isObject(more) ? more : nested && names.length === 0 && more !== false ? text : undefined;
  return [
    ...names.map((name) => ({
      step: name,
      schema: ownValue(form.properties, name),
      value: ownValue(value, name),
    })),
    ...(free === undefined ? [] : [{ step: 'note', schema: free, value: undefined }]),
  ];
}

interface Tool {
  root: Schema;
  given: Record<string, unknown>;
  patterns: Patterns;
}

function textArgument(
  texts: readonly Schema[],
  value: unknown,
  steps: readonly Step[],
  { root, given, patterns }: Tool,
): TextArgument {
  const lengths = (key: string, otherwise: number) =>
    texts.map((text) => (typeof text[key] === 'number' ? text[key] : otherwise));
  return {
    path: pathOf(steps),
    by: 'text',
    prefix: typeof value === 'string' && /^\w{1,10}:\/\/\S{1,200}$/.test(value) ? value : 'x',
    minLength: texts.length === 0 ? 0 : Math.min(...lengths('minLength', 0)),
    maxLength: texts.length === 0 ? Infinity : Math.max(...lengths('maxLength', Infinity)),
    allows: (text) => texts.length === 0 || texts.some((schema) => allows(schema, text, patterns)),
    put: (text) => {
      const [name] = steps;
      const made = steps.length > 1 && typeof name === 'string' && ownValue(given, name) === undefined;
      const whole = made ? makeValue(root, name, 0, patterns) : undefined;
      const base =
        whole !== undefined && 'value' in whole ? set(given, [name as string], whole.value) : given;
      return set(base, steps, text) as Record<string, unknown>;
    },
  };
}

/** A pattern that is too expensive to test may allow the text. */
function allows(schema: Schema, text: string, patterns: Patterns): boolean {
  const { enum: values, const: only, format, pattern, minLength, maxLength } = schema;
  if (Array.isArray(values) && !values.includes(text)) return false;
  if (only !== undefined && only !== text) return false;
  if (typeof maxLength === 'number' && text.length > maxLength) return false;
  if (typeof minLength === 'number' && text.length < minLength) return false;
  if (sampleByFormat(format, 0) !== undefined) return false;
  return typeof pattern !== 'string' || patterns.test(pattern, text) !== 'differs';
}

function set(container: unknown, [step, ...rest]: readonly Step[], value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const [first, ...others] = Array.isArray(container) ? container : [];
    return [set(first, rest, value), ...others];
  }
  // Assignment would set the prototype for "__proto__".
  const entries = new Map(Object.entries(isObject(container) ? container : {}));
  return Object.fromEntries(entries.set(step, set(entries.get(step), rest, value)));
}

const pathOf = (steps: readonly Step[]): string =>
  steps.reduce<string>(
    (path, step) => (typeof step === 'number' ? `${path}[]` : path === '' ? step : `${path}.${step}`),
    '',
  );

function otherPlaces(root: Schema, given: Record<string, unknown>): TextArgument[] {
  const common = { prefix: 'x', minLength: 0, maxLength: Infinity };
  const [name] = namesOf(root, given);
  const typed =
    isObject(ownValue(root.properties, name ?? '')) &&
    formsOf(ownValue(root.properties, name ?? ''), root).every(({ type }) => type !== undefined);
  const other: TextArgument[] =
    name === undefined
      ? []
      : [
          {
            ...common,
            path: name,
            by: 'other-type',
            allows: () => !typed,
            put: (text) => set(given, [name], text) as Record<string, unknown>,
          },
        ];
  return [
    ...other,
    {
      ...common,
      path: 'note',
      by: 'unknown-argument',
      allows: () => false,
      // The name may be logged, too.
      put: (text) => set(given, [text], text) as Record<string, unknown>,
    },
  ];
}
