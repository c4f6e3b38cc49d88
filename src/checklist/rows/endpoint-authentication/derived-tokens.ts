import type { AccessProbe, WireEvidence } from '../../../evidence/wire.ts';
import { capitalised } from '../../../text/printable.ts';
import { accessOf, exchangeOf, summary, whyUnsent } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** A right token with fewer characters is too short to be truncated. */
const fewestCharacters = 6;

/**
 * Judges whether the beginning of the right token, and the right token with more characters, count as wrong tokens.
 *
 * @param madeUp the judgement of a made-up token
 */
export function judgeDerived(wire: WireEvidence, madeUp: Judgement): Judgement {
  if (madeUp.verdict !== 'pass') return madeUp;
  const tried = wire.endpoints.flatMap(({ access }) => access.filter(({ derived }) => derived !== undefined));
  const granted = tried.find((probe) => accessOf(wire, probe) === 'granted');
  if (granted) {
    const exchange = exchangeOf(wire, granted.exchange);
    return fail(
      `${capitalised(tokenOf(granted))}, ${summary(exchange)}. The server served the request.`,
      exchange,
    );
  }
  const unclear = tried.find((probe) => accessOf(wire, probe) !== 'refused');
  if (unclear) {
    return inconclusive(
      `${capitalised(tokenOf(unclear))}, ${summary(exchangeOf(wire, unclear.exchange))}. The server neither served the request nor refused it with 401 or 403.`,
    );
  }
  for (const { derivedDue, access } of wire.endpoints) {
    if (derivedDue === undefined) continue;
    const extended = access.find((probe) => probe.derived !== undefined && !isBeginning(probe));
    const tooShort = (extended?.derived?.of ?? fewestCharacters) < fewestCharacters;
    if (extended === undefined || !(tooShort || access.some(isBeginning))) {
      return inconclusive(
        whyUnsent(
          wire,
          'The audit did not try the beginning of the right token, or the token with more characters.',
        ),
      );
    }
  }
  if (tried.length === 0) return madeUp;
  const tokens = [...new Set(tried.map(tokenOf))].join(' and ');
  const short = tried.some(isBeginning) ? '' : ' The right token is too short to try its beginning.';
  return pass(
    `${madeUp.finding} It also refused requests ${tokens}.${short}`,
    ...(madeUp.sources ?? []),
    ...tried.map(({ exchange }) => exchangeOf(wire, exchange)),
  );
}

/** "with the first 12 of 16 characters of the right token" */
function tokenOf({ derived }: AccessProbe): string {
  const { characters = 0, of = 0 } = derived ?? {};
  return characters < of
    ? `with the first ${characters} of ${of} characters of the right token`
    : `with ${characters - of} characters after the right token`;
}

function isBeginning({ derived }: AccessProbe): boolean {
  return derived !== undefined && derived.characters < derived.of;
}
