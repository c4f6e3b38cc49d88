import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** `head` once, then `unit` again and again, and at the end what no pattern expects. */
export interface Attack {
  head: string;
  unit: string;
}

/** Fewer repetitions are cheap from wherever a search begins. */
const manyTimes = 64;

/** Units of one attack, for what is read again from the beginning of each. */
const lapLength = 256;

/**
 * Texts that a backtracking search would read again and again, made from the pattern itself: runs of every character
 * that it repeats, with and without what comes before it, and all of that repeated.
 *
 * @returns none for a pattern that repeats nothing many times: it looks at a bounded piece from each position
 */
export function attacksOn(source: string, flags: string): Attack[] {
  const pattern = new RegExpParser().parsePattern(source, 0, source.length, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  });
  const alphabet = { own: [...new Set(literals(pattern))], common: [...' aA0-/"\n_.\t'] };
  const attacks = new Map<string, Attack>();
  const add = (head: string, unit: string) => {
    if (unit !== '') attacks.set(`${head}\0${unit}`, { head, unit });
  };
  for (const { quantifier, before, after } of repetitions(pattern)) {
    const heads = [...new Set([before, before.replace(/^\n/, '')])];
    const pumps = [...new Set(samples(quantifier.element, alphabet))];
    for (const pump of pumps) {
      add('', pump);
      for (const head of heads) {
        add(head, pump);
        add('', head + pump);
        add(head, head + pump);
        add(head, pump + after);
        add('', head + pump + after.slice(0, -1));
        add('', head + pump.repeat(lapLength));
        add('', head + pump.repeat(Math.max(1, Math.min(quantifier.min, 100))));
        // Another head may end the run: what comes after is then never reached.
        add('', `${head}${pump}\n`);
      }
    }
    for (const [index, pump] of pumps.entries()) add('', pump + (pumps[index + 1] ?? ''));
  }
  if (attacks.size > 0) {
    const whole = example(pattern);
    add('', whole);
    add('', whole.slice(0, -1));
    add(whole, whole.slice(0, -1));
  }
  return [...attacks.values()];
}

type Node = AST.Pattern | AST.Alternative | AST.Element;

interface Repetition {
  quantifier: AST.Quantifier;
  /** Texts that the pattern takes before and after it. */
  before: string;
  after: string;
}

/** All that is repeated many times. */
function repetitions(root: AST.Pattern): Repetition[] {
  const found: Repetition[] = [];
  const visit = (node: Node, before: string, after: string): void => {
    if (node.type === 'Quantifier') {
      if (node.max >= manyTimes) found.push({ quantifier: node, before, after });
      visit(node.element, before, after);
    } else if (node.type === 'Alternative') {
      const examples = node.elements.map(example);
      for (const [index, element] of node.elements.entries()) {
        const head = before + examples.slice(0, index).join('');
        visit(element, head, examples.slice(index + 1).join('') + after);
      }
    } else if ('alternatives' in node) {
      for (const alternative of node.alternatives) visit(alternative, before, after);
    }
  };
  visit(root, '', '');
  return found;
}

/** A short text that the node takes: optional parts once. */
function example(node: Node): string {
  switch (node.type) {
    case 'Character':
      return String.fromCodePoint(node.value);
    case 'CharacterClass':
    case 'CharacterSet':
      return samples(node, { own: [], common: [...'a0A-_ /."\n'] })[0] ?? 'a';
    case 'Quantifier':
      return node.max === 0 ? '' : example(node.element).repeat(Math.max(1, Math.min(node.min, 40)));
    case 'Alternative':
      return node.elements.map(example).join('');
    case 'Assertion':
      return node.kind === 'start' ? '\n' : '';
    case 'Backreference':
      return Array.isArray(node.resolved) ? '' : example(node.resolved);
    default:
      return 'alternatives' in node ? example(node.alternatives[0] as AST.Alternative) : '';
  }
}

interface Alphabet {
  /** The characters that the pattern names. */
  own: string[];
  common: string[];
}

/** Texts that the node takes, as different ones as the alphabet has. */
function samples(node: AST.QuantifiableElement, alphabet: Alphabet): string[] {
  if (node.type === 'CharacterClass' || node.type === 'CharacterSet') {
    const one = new RegExp(`^(?:${node.raw})$`, /\\p/.test(node.raw) ? 'u' : '');
    const taken = (characters: string[]) => characters.filter((character) => one.test(character));
    return [...taken(alphabet.common).slice(0, 6), ...taken(alphabet.own).slice(0, 6)];
  }
  if ('alternatives' in node) {
    return node.alternatives.flatMap(({ elements }) => {
      const [only] = elements;
      return elements.length === 1 && only !== undefined && only.type !== 'Assertion'
        ? samples(only.type === 'Quantifier' ? only.element : only, alphabet).slice(0, 4)
        : [elements.map(example).join('')];
    });
  }
  return [example(node)];
}

function literals(node: Node): string[] {
  if (node.type === 'Character') return [String.fromCodePoint(node.value)];
  if (node.type === 'Quantifier') return literals(node.element);
  if (node.type === 'Alternative') return node.elements.flatMap(literals);
  return 'alternatives' in node ? node.alternatives.flatMap(literals) : [];
}
