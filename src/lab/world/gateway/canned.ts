import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { LabProblem } from '../../problem.ts';

export interface CannedAnswer {
  contentType: string;
  body: Buffer;
}

/** Answers by host. A listed host is never contacted, whatever the path. */
export interface CannedAnswers {
  /** "api.example.com", with a port if the configuration names one: "127.0.0.1:8080". */
  hosts: string[];
  has: (host: string) => boolean;
  find: (host: string, method: string, path: string) => CannedAnswer | undefined;
}

const contentTypes: Record<string, string> = {
  '.json': 'application/json; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Reads the files of the configuration's `upstream`. The query of a request is ignored.
 *
 * @param upstream host → "METHOD /path" → file
 * @param directory of the files
 * @throws LabProblem naming the file that cannot be read
 */
export async function loadCannedAnswers(
  upstream: Readonly<Record<string, Readonly<Record<string, string>>>>,
  directory: string,
): Promise<CannedAnswers> {
  const answers = new Map<string, Map<string, CannedAnswer>>();
  for (const [host, files] of Object.entries(upstream)) {
    const ofHost = new Map<string, CannedAnswer>();
    for (const [route, file] of Object.entries(files)) ofHost.set(route, await load(file, directory));
    answers.set(host.toLowerCase(), ofHost);
  }
  /** An entry without a port matches every port. */
  const ofHost = (host: string) => answers.get(host) ?? answers.get(host.replace(/:\d+$/, ''));
  return {
    hosts: [...answers.keys()],
    has: (host) => ofHost(host) !== undefined,
    find: (host, method, path) => ofHost(host)?.get(`${method} ${path}`),
  };
}

async function load(file: string, directory: string): Promise<CannedAnswer> {
  try {
    return {
      contentType: contentTypes[extname(file)] ?? 'application/octet-stream',
      body: await readFile(resolve(directory, file)),
    };
  } catch (error) {
    throw new LabProblem(
      'configuration',
      `The canned answer "${file}" cannot be read: ${(error as NodeJS.ErrnoException).code}.`,
      'Check "upstream" in the configuration.',
    );
  }
}
