/** Levels of indentation, and of brackets. */
const levelLimit = 64;

/**
 * Tokens of a file, with blanks and line breaks: five times those of the largest published compose files, and parsed
 * within a second or so.
 */
const tokenLimit = 100_000;

/**
 * Refuses texts that nest too deeply. The parser's composer recurses, and a stack overflow in it can end the process.
 */
export class YamlNesting {
  private readonly columns: number[] = [];
  private brackets = 0;
  private line = 1;
  private column = 0;
  private opensLevel = true;
  private count = 0;

  /** @returns the reason not to parse the text, with its line; undefined when there is none */
  check(token: string): string | undefined {
    if (++this.count > tokenLimit) return `line ${this.line}: more than ${tokenLimit} tokens`;
    const first = token.charAt(0);
    // Marks of the lexer without text: document, end of flow, scalar.
    if (token === '\u0002' || token === '\u0018' || token === '\u001f') return undefined;
    if (first === '[' || first === '{') this.brackets++;
    else if ((first === ']' || first === '}') && this.brackets > 0) this.brackets--;
    if (this.opensLevel && this.brackets === 0 && !/^(?:[ \t]*$|[\n\r#])/.test(token)) {
      while ((this.columns.at(-1) ?? -1) >= this.column) this.columns.pop();
      this.columns.push(this.column);
      // Only "- " and "? " can begin another level on this line.
      this.opensLevel = token === '-' || token === '?';
    }
    if (this.brackets > levelLimit || this.columns.length > levelLimit) {
      return `line ${this.line}: nested too deeply`;
    }
    const breaks = token.split('\n').length - 1;
    this.line += breaks;
    this.column = breaks > 0 ? token.length - token.lastIndexOf('\n') - 1 : this.column + token.length;
    if (breaks > 0) this.opensLevel = true;
    return undefined;
  }
}
