import { type ParserPlugin, parse } from '@babel/parser';
import type { Node } from './nodes.ts';

/** @throws the parser's error for a text that it cannot read */
export function parseProgram(
  file: string,
  text: string,
): { program: Node; language: 'typescript' | 'javascript' } {
  const typescript = /\.[cm]?tsx?$/.test(file);
  const plugins: ParserPlugin[] = ['decorators'];
  if (typescript) plugins.push('typescript');
  // In plain TypeScript `<T>value` is a type assertion.
  if (!typescript || file.endsWith('.tsx')) plugins.push('jsx');
  const { program } = parse(text, {
    sourceType: 'unambiguous',
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    attachComment: false,
    plugins,
  });
  return { program: program as unknown as Node, language: typescript ? 'typescript' : 'javascript' };
}
