import { parse } from 'yaml';
import type { Check } from './coherence.ts';

/** Files with pinned versions, by the ecosystem of Dependabot that reads them. */
const pinned: Readonly<Record<string, RegExp>> = {
  docker: /^Dockerfile$/,
  'docker-compose': /^compose\.yaml$/,
  'github-actions': /^\.github\/workflows\/.*\.yml$/,
};

/** Dependabot must read each kind of file that pins versions, and look for no other kind. */
export const dependabotReadsEveryPin: Check = ({ files, pm }) => {
  const config = files.find(({ path }) => path === '.github/dependabot.yml');
  if (config === undefined) return [];
  const listed = parse(config.contents).updates.map((update: object) =>
    'package-ecosystem' in update ? update['package-ecosystem'] : '',
  );
  const needed = Object.entries(pinned)
    .filter(([, file]) =>
      files.some(({ path, contents }) => file.test(path) && /(?:@sha256:|^ *(?:- )?uses: )/m.test(contents)),
    )
    .map(([ecosystem]) => ecosystem);
  const [expected, actual] = [[...needed, pm.ecosystem], listed].map((names) => [...names].sort().join(', '));
  return expected === actual ? [] : [`.github/dependabot.yml reads ${actual}; the files need ${expected}`];
};
