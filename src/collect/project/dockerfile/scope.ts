import type { Expansion } from '../declared.ts';
import { expand, type Lookup, type Variable } from './variables.ts';

/** Variables that the builder sets (Dockerfile reference: predefined ARGs). */
const predefined = /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$|^(?:HTTPS?|FTP|NO|ALL)_PROXY$/i;

/** Variables of one stage. Each stage copies those of its parent. */
const variableLimit = 1_000;

/**
 * The variables of one stage, or those before the first FROM. A stage sees its own ENV and ARG and those of the stage
 * it builds on; ENV wins. FROM sees global ARGs; a stage sees one after `ARG NAME` (Dockerfile reference:
 * understand how ARG and FROM interact; scope).
 */
export class StageScope {
  readonly escapeChar: string;
  private readonly env: Map<string, Variable>;
  private readonly args: Map<string, Variable>;
  private readonly globals: StageScope | undefined;
  /** Build arguments, which override the defaults of the file. */
  private readonly given: ReadonlyMap<string, string>;

  constructor(
    escapeChar: string,
    globals?: StageScope,
    parent?: StageScope,
    given: ReadonlyMap<string, string> = new Map(),
  ) {
    this.escapeChar = escapeChar;
    this.globals = globals;
    this.given = globals?.given ?? given;
    this.env = new Map(parent?.env);
    this.args = new Map(parent?.args);
  }

  readonly lookup: Lookup = (name) => {
    const found = this.env.get(name) ?? this.args.get(name);
    if (found) return found;
    if (predefined.test(name)) return { state: 'unknown', why: setByBuilder(name) };
    return { state: 'unset', why: `the file does not set ${name}` };
  };

  expand(word: string): Expansion {
    return expand(word, this.lookup, this.escapeChar);
  }

  /** The value of a declaration. `raw` is undefined for `ARG NAME`, which takes the global default. */
  declare(keyword: 'ENV' | 'ARG', name: string, raw: string | undefined): Expansion {
    const given = keyword === 'ARG' ? this.given.get(name) : undefined;
    if (given !== undefined) return { known: true, value: given };
    if (raw !== undefined) return this.expand(raw);
    const inherited = keyword === 'ARG' ? this.globals?.args.get(name) : undefined;
    if (inherited?.state === 'set') return { known: true, value: inherited.value };
    if (inherited) return { known: false, why: inherited.why };
    return { known: false, why: predefined.test(name) ? setByBuilder(name) : noDefault(name) };
  }

  set(keyword: 'ENV' | 'ARG', name: string, expansion: Expansion): void {
    const variables = keyword === 'ENV' ? this.env : this.args;
    if (variables.size >= variableLimit) return;
    if (expansion.known) variables.set(name, { state: 'set', value: expansion.value });
    else {
      const state = expansion.why === noDefault(name) ? 'unset' : 'unknown';
      variables.set(name, { state, why: expansion.why });
    }
  }
}

const setByBuilder = (name: string): string => `the builder sets ${name}`;
const noDefault = (name: string): string => `ARG ${name} has no default`;
