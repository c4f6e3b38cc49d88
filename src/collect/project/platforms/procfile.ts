import type { Workload } from '../../../evidence/workload.ts';
import { bounded } from '../files/text.ts';
import { inspectCommand, inspectFile, type Secrets } from '../secrets/literal-secrets.ts';
import { declaredText } from './values.ts';

const processLimit = 50;

/** Reads a Procfile (Heroku: the Procfile) without `release`, which runs before a release and ends. */
export function readProcfile(file: string, text: string, secrets: Secrets): Workload[] {
  inspectFile(secrets, file, text);
  return text
    .split(/\r?\n/)
    .flatMap((line, index): Workload[] => {
      const [, kind = '', command = ''] = /^([\w-]{1,100}):\s*(\S.*)$/.exec(line) ?? [];
      const at = { file, line: index + 1 };
      if (kind === '' || kind === 'release') return [];
      inspectCommand(secrets, command, () => at);
      return [
        {
          platform: 'procfile',
          kind: 'process',
          name: bounded(kind, 100),
          at,
          command: declaredText(command, at),
          capDrop: [],
          healthchecks: [],
          environment: [],
          ports: [],
        },
      ];
    })
    .slice(0, processLimit);
}
