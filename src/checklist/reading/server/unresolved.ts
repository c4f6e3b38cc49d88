import type { Place } from '../../../evidence/declared.ts';
import { placeText } from '../../../text/places.ts';

/**
 * Why the value of a setting is unknown: "USER $APP_USER (Dockerfile:7) could not be resolved: APP_USER has no default."
 *
 * @param key what stands before the value: "USER ", "User="
 */
export const unresolved = (
  key: string,
  { text, why, at }: { text: string; why: string; at: Place },
): string => `${key}${text} (${placeText(at)}) could not be resolved: ${why}.`;
