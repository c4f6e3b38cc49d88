import { Lexer } from 'yaml';

/** Levels of indentation, and of brackets. People use a dozen. */
const levelLimit = 64;

/**
 * Tokens of a file, blanks and line breaks among them: five times as many as the largest compose files that people
 * publish, and parsed within a second or so. The parser cannot be interrupted.
 */
const tokenLimit = 100_000;

/**
 * Why a YAML text is not to be parsed, in one line with its place; undefined when nothing speaks against it. The parser
 * recurses, and a stack that overflows inside of it can end the whole process, so this must be known before. The lexer
 * does not recurse, and gives its tokens one by one.
 */
export function whyNotToParse(text: string): string | undefined {
  const columns: number[] = [];
  let brackets = 0;
  let line = 1;
  let column = 0;
  let opensLevel = true;
  let count = 0;
  for (const token of new Lexer().lex(text)) {
    if (++count > tokenLimit) return `line ${line}: it is too large to be parsed`;
    const first = token.charAt(0);
    // Marks of the lexer itself stand for no text: document, end of flow, scalar.
    if (token === '\u0002' || token === '\u0018' || token === '\u001f') continue;
    if (first === '[' || first === '{') brackets++;
    else if ((first === ']' || first === '}') && brackets > 0) brackets--;
    const blank = /^[ \t]*$/.test(token);
    if (opensLevel && brackets === 0 && !blank && first !== '\n' && first !== '\r' && first !== '#') {
      while ((columns.at(-1) ?? -1) >= column) columns.pop();
      columns.push(column);
      // Another level can begin on this line only behind "- " or "? ".
      opensLevel = token === '-' || token === '?';
    }
    if (brackets > levelLimit || columns.length > levelLimit) return `line ${line}: nested too deeply`;
    const breaks = countLineBreaks(token);
    line += breaks;
    column = breaks > 0 ? token.length - token.lastIndexOf('\n') - 1 : column + token.length;
    if (breaks > 0) opensLevel = true;
  }
  return undefined;
}

function countLineBreaks(token: string): number {
  let count = 0;
  for (let index = token.indexOf('\n'); index !== -1; index = token.indexOf('\n', index + 1)) count++;
  return count;
}
