import { needsExperiment, type Row } from '../row.ts';

export const startupValidation: Row = {
  id: 'startup-validation',
  title: 'Missing configuration stops the start and names the variable',
  category: 'Reliability',
  level: 'required',
  why: 'A server that starts without its key looks healthy to the deployment and fails each call.',
  fix: 'Validate the environment before listening; exit non-zero with one line that names each missing variable.',
  basis: ['The Twelve-Factor App, III. Config: https://12factor.net/config'],
  criteria: [
    {
      id: 'stops',
      kind: 'core',
      title: 'A missing secret stops the start with a non-zero exit',
      unseen: needsExperiment('start the server without each of its secrets'),
    },
    {
      id: 'names-variable',
      kind: 'core',
      title: 'The output names the missing variable',
      unseen: needsExperiment('start the server without each of its secrets'),
    },
  ],
};
