import { nameText } from './printable.ts';

/** "compose.yaml:6" */
export const placeText = ({ file, line }: { file: string; line: number }): string =>
  `${nameText(file)}:${line}`;
