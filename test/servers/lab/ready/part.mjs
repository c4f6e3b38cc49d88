import { existsSync, readdirSync } from 'node:fs';

const { DEFECT: defect = '' } = process.env;
const defects = new URL('defects/', import.meta.url);

if (
  defect !== '' &&
  !readdirSync(defects, { recursive: true }).some((file) => file.endsWith(`/${defect}.mjs`))
) {
  process.stderr.write(`${JSON.stringify({ level: 'error', msg: 'There is no such defect', defect })}\n`);
  process.exit(1);
}

/** What these parts export, together: each from the file of the defect where it has one for the part. */
export async function parts(...names) {
  const modules = await Promise.all(names.map((name) => import(fileOf(name))));
  return Object.assign({}, ...modules);
}

function fileOf(name) {
  const broken = new URL(`${name}/${defect}.mjs`, defects);
  return defect !== '' && existsSync(broken) ? broken : new URL(`parts/${name}.mjs`, import.meta.url);
}
