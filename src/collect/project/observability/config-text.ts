import type { ObservabilityFacts } from '../../../evidence/observability.ts';
import { isRemote } from './collectors.ts';

/** Lines of a configuration that are read. */
const lineLimit = 20_000;

/** Finds a remote output in Fluent Bit's classic format: a section `[OUTPUT]` with its `Name`. */
export function readFluentBit(text: string, file: string, facts: ObservabilityFacts): void {
  let section = '';
  for (const [index, line] of linesOf(text)) {
    section = /^\s*\[(\w+)\]/.exec(line)?.[1]?.toUpperCase() ?? section;
    const name = section === 'OUTPUT' ? /^\s+name\s+(\S+)/i.exec(line)?.[1] : undefined;
    if (!isRemote(name)) continue;
    facts.logCollectors.push({ tool: 'Fluent Bit', at: { file, line: index } });
    return;
  }
}

/** Finds a remote output in Fluentd's format: `<match …>` or `<store>` with its `@type`. */
export function readFluentd(text: string, file: string, facts: ObservabilityFacts): void {
  const sections: string[] = [];
  for (const [index, line] of linesOf(text)) {
    const opened = /^\s*<(\w+)(?!\w)[^>]*>/.exec(line)?.[1];
    if (opened !== undefined) sections.push(opened);
    else if (/^\s*<\/\w+>/.test(line)) sections.pop();
    const type = ['match', 'store'].includes(sections.at(-1) ?? '')
      ? /^\s*@type\s+(\S+)/.exec(line)?.[1]
      : undefined;
    // These route lines within the same configuration.
    if (!isRemote(type) || /^(?:copy|relabel|rewrite_tag_filter|route|roundrobin|label)$/.test(type ?? ''))
      continue;
    facts.logCollectors.push({ tool: 'Fluentd', at: { file, line: index } });
    return;
  }
}

/** Finds the remote outputs of Grafana Alloy: `loki.write "x" { endpoint { url = … } }`. */
export function readAlloy(text: string, file: string, facts: ObservabilityFacts): void {
  const blocks: { name: string; line: number }[] = [];
  for (const [index, line] of linesOf(text)) {
    const code = line
      .replace(/"(?:[^"\\]|\\.)*("?)/g, (text, end: string) => (end === '' ? text : '""'))
      .replace(/\/\/.*/, '');
    const opened = /^\s*([\w.]+)(?:\s+"")?\s*\{/.exec(code)?.[1];
    const writes = blocks[0]?.name === 'loki.write' && blocks.at(-1)?.name === 'endpoint';
    if (writes && /^\s*url\s*=/.test(code)) {
      facts.logCollectors.push({ tool: 'Grafana Alloy', at: { file, line: blocks[0]?.line ?? index } });
      return;
    }
    if (opened !== undefined) blocks.push({ name: opened, line: index });
    const closes =
      (code.match(/\}/g)?.length ?? 0) - (code.match(/\{/g)?.length ?? 0) + (opened === undefined ? 0 : 1);
    for (let count = 0; count < closes; count++) blocks.pop();
  }
}

/** Numbered from 1, without comments and blank lines. */
function* linesOf(text: string): Generator<[number, string]> {
  for (const [index, line] of text.split('\n', lineLimit).entries()) {
    if (!/^\s*(?:#|\/\/|$)/.test(line)) yield [index + 1, line];
  }
}
