/** Levels of indentation, and of brackets. People use a dozen. */
const levelLimit = 64;

/**
 * Tokens of a file, blanks and line breaks among them: five times as many as the largest compose files that people
 * publish, and parsed within a second or so.
 */
const tokenLimit = 100_000;

/**
 * Watches the tokens of a YAML text for a reason not to go on. What composes the document recurses, and a stack that
 * overflows inside of it can end the whole process, so this must be known before.
 */
export class YamlNesting {
  private readonly columns: number[] = [];
  private brackets = 0;
  private line = 1;
  private column = 0;
  private opensLevel = true;
  private count = 0;

  /** @returns why the text is not to be parsed, in one line with its place; undefined when nothing speaks against it */
  check(token: string): string | undefined {
    if (++this.count > tokenLimit) return `line ${this.line}: it is too large to be parsed`;
    const first = token.charAt(0);
    // Marks of the lexer itself stand for no text: document, end of flow, scalar.
    if (token === '\u0002' || token === '\u0018' || token === '\u001f') return undefined;
    if (first === '[' || first === '{') this.brackets++;
    else if ((first === ']' || first === '}') && this.brackets > 0) this.brackets--;
    const blank = /^[ \t]*$/.test(token);
    if (
      this.opensLevel &&
      this.brackets === 0 &&
      !blank &&
      first !== '\n' &&
      first !== '\r' &&
      first !== '#'
    ) {
      while ((this.columns.at(-1) ?? -1) >= this.column) this.columns.pop();
      this.columns.push(this.column);
      // Another level can begin on this line only behind "- " or "? ".
      this.opensLevel = token === '-' || token === '?';
    }
    if (this.brackets > levelLimit || this.columns.length > levelLimit) {
      return `line ${this.line}: nested too deeply`;
    }
    const breaks = countLineBreaks(token);
    this.line += breaks;
    this.column = breaks > 0 ? token.length - token.lastIndexOf('\n') - 1 : this.column + token.length;
    if (breaks > 0) this.opensLevel = true;
    return undefined;
  }
}

function countLineBreaks(token: string): number {
  let count = 0;
  for (let index = token.indexOf('\n'); index !== -1; index = token.indexOf('\n', index + 1)) count++;
  return count;
}
