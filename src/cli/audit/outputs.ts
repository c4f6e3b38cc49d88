import { extname, resolve } from 'node:path';
import { type Format, formats } from '../../report/formats.ts';
import type { Report } from '../../report/schema.ts';
import { usageError } from '../exit.ts';
import { requireWritable, writeWhole } from '../files/write-file.ts';

/** A file to write the report to, and the format that its extension stands for. */
export interface Output {
  /** Absolute. */
  file: string;
  format: Format;
}

const byExtension = new Map(
  Object.values<Format>(formats).flatMap((format) =>
    format.extension === undefined ? [] : [[format.extension, format] as const],
  ),
);

/** @throws CommandError (usage) for an unknown extension, or a place that cannot be written to */
export async function planOutputs(named: readonly string[], cwd: string): Promise<Output[]> {
  const outputs: Output[] = [];
  for (const name of named) {
    const format = byExtension.get(extname(name).toLowerCase());
    if (!format) {
      throw usageError(
        `--output: the extension of "${name}" stands for no format.`,
        `Known: ${[...byExtension.keys()].join(', ')}.`,
      );
    }
    const file = resolve(cwd, name);
    await requireWritable(file, '--output');
    outputs.push({ file, format });
  }
  return outputs;
}

/** Colour and the terminal's width are for terminals. */
const onPaper = { columns: 100, colour: 0 } as const;

/** @throws CommandError when one could not be written */
export async function writeOutputs(outputs: readonly Output[], report: Report): Promise<void> {
  for (const { file, format } of outputs) await writeWhole(file, format.write(report, onPaper));
}
