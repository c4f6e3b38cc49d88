import { provenBy } from '../../reading/lab/proven-by.ts';
import type { Row } from '../../row.ts';
import { judgeNames, judgeStops } from './missing-secrets.ts';
import { remedies } from './remedies.ts';

const startWithout = 'start the server without each of its secrets in turn';

export const startupValidation: Row = {
  id: 'startup-validation',
  title: 'Missing configuration stops the start and names the variable',
  category: 'Reliability',
  level: 'required',
  why: 'A server that starts without its key looks healthy to the deployment, but fails every call.',
  fix: 'Validate the environment before listening. If a variable is missing, print one line that names it and exit with a non-zero code.',
  basis: ['The Twelve-Factor App, III. Config: https://12factor.net/config'],
  headline: 'names-variable',
  criteria: [
    {
      id: 'stops',
      kind: 'core',
      title: 'A missing secret stops the start with a non-zero code',
      proven: provenBy('missing-secrets', judgeStops),
      experiment: startWithout,
    },
    {
      id: 'names-variable',
      kind: 'core',
      title: 'The output names the missing variable',
      proven: provenBy('missing-secrets', judgeNames),
      experiment: startWithout,
    },
  ],
  remedies,
};
