import { extname, resolve } from 'node:path';
import { type Format, formats } from '../../report/formats.ts';
import type { Report } from '../../report/schema.ts';
import { usageError } from '../exit.ts';
import { requireWritable, writeWhole } from '../files/write-file.ts';

/** A file to write the report to, in the format of its extension. */
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

/** @throws CommandError (usage) if an extension is unknown or a file cannot be written */
export async function planOutputs(named: readonly string[], cwd: string): Promise<Output[]> {
  const outputs: Output[] = [];
  for (const name of named) {
    const format = byExtension.get(extname(name).toLowerCase());
    if (!format) {
      throw usageError(
        `--output: the extension of "${name}" is not a report format.`,
        `Allowed extensions are ${[...byExtension.keys()].join(', ')}.`,
      );
    }
    const file = resolve(cwd, name);
    await requireWritable(file, '--output');
    outputs.push({ file, format });
  }
  return outputs;
}

/** Files get no colour and a fixed width. */
const fileStyle = { columns: 100, colour: 0 } as const;

/** @throws CommandError if a file could not be written */
export async function writeOutputs(outputs: readonly Output[], report: Report): Promise<void> {
  for (const { file, format } of outputs) await writeWhole(file, format.write(report, fileStyle));
}
