import type { MetricFamily } from '../../../evidence/wire.ts';

const maxFamilies = 300;
const maxLabels = 20;
const maxLines = 20_000;

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]{0,199}';
const sample = new RegExp(
  `^(${metricName})(?:\\{(.{0,4000}?)\\})?[ \\t]+(?:[+-]?(?:\\d[\\d.eE+-]*|\\.\\d+|Inf(?:inity)?)|NaN)(?:[ \\t]+-?[\\d.]+)?(?:[ \\t]+#.*)?[ \\t]*$`,
  'is',
);
const typeLine = new RegExp(`^# TYPE (${metricName}) (\\w+)[ \\t]*$`);
const label = /(?<!\w)([a-zA-Z_]\w{0,99})="(?:[^"\\]|\\.)*"/g;
/** Samples may add a suffix to the name of their family. */
const suffix = /_(total|count|sum|bucket|created|info)$/;

/**
 * Reads the metrics in a text (Prometheus text format 0.0.4, OpenMetrics 1.0). Every line must have that format, except a last
 * one without an end.
 *
 * @returns null when the text has another format or no metric
 */
export function readExposition(text: string): MetricFamily[] | null {
  const families = new Map<string, { type: string; labels: Set<string> }>();
  const lines = text.split('\n', maxLines).map((line) => line.replace(/\r$/, ''));
  const cut = !text.endsWith('\n');
  if (cut && lines.length > 1) lines.pop();
  for (const line of lines) {
    const typed = typeLine.exec(line);
    if (typed !== null) {
      families.set(typed[1] ?? '', { type: typed[2] ?? '', labels: new Set() });
      continue;
    }
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [found, sampleName = '', labels = ''] = sample.exec(line) ?? [];
    if (found === undefined) return null;
    const base = sampleName.replace(suffix, '');
    const known = families.get(sampleName) ?? families.get(base);
    const family = known ?? { type: 'untyped', labels: new Set<string>() };
    if (known === undefined) families.set(sampleName, family);
    for (const [, key = ''] of labels.matchAll(label)) {
      if (family.labels.size < maxLabels) family.labels.add(key);
    }
  }
  if (families.size === 0) return null;
  return [...families]
    .slice(0, maxFamilies)
    .map(([name, { type, labels }]) => ({ name, type, labels: [...labels] }));
}
