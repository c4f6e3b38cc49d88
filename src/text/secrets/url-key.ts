import type { Span } from '../next-match.ts';
import { parameterStart, type SecretFormat } from './format.ts';
import { isHarmless } from './placeholder.ts';

/** A URL parameter with a key. */
const keyParameter = `${parameterStart}(?:appid|api_?key|key|token|access_token|secret)=`;
const keyInQuery = new RegExp(String.raw`(${keyParameter})([\w.-]{16,})`, 'gi');
const keyPiece = new RegExp(String.raw`(?<=${keyParameter})(?<![\w.-])[\w.-]{1,15}$`);
const scheme = /https?:(?:\\?\/){2}/gi;
/** Characters of a URL between the scheme and the parameter. */
const longestUrl = 600;

/** Code that builds the URL: `config.keys.v1`. */
const member = /^[A-Za-z_]\w{0,24}(?:\.[A-Za-z_]\w{0,24}){1,8}$/;

/** Masks only the key. Without a digit it is a word or the name of a variable. */
export const urlKey: SecretFormat = {
  kind: 'a URL with a key in it',
  mask: '<key>',
  find: keysInUrls,
  pieceAt: (text) => text.search(keyPiece),
  isReported: (key) => /\d/.test(key) && !member.test(key) && !isHarmless('key', key),
};

function* keysInUrls(text: string): Iterable<Span> {
  const schemes = text.matchAll(scheme);
  let next = schemes.next();
  let url = Number.NEGATIVE_INFINITY;
  for (const { 0: found, 1: parameter = '', index } of text.matchAll(keyInQuery)) {
    while (!next.done && next.value.index + next.value[0].length < index) {
      url = next.value.index + next.value[0].length;
      next = schemes.next();
    }
    if (index - url <= longestUrl && !/[\s"'<>]/.test(text.slice(url, index))) {
      yield { start: index + parameter.length, end: index + found.length };
    }
  }
}
