import type { HttpCall } from '../../../../../evidence/source.ts';
import { instanceLimit, isFalsy, type Options, optionsAt, type Reading } from '../../facts/reading.ts';
import type { Call, Value } from '../../module.ts';
import type { Names } from '../../names.ts';
import type { Language } from '../language.ts';

type Limit = HttpCall['limit'];

/** Default exports and globals with the interface of fetch. */
const fetches = new Set([
  ...['global.fetch', 'node-fetch', 'cross-fetch', 'cross-fetch.fetch', 'isomorphic-fetch'],
  ...['undici.fetch', 'node-fetch-native', 'node-fetch-native.fetch'],
]);

const verb = '(?:get|post|put|patch|delete|head|options|request)';
const axiosCall = new RegExp(`^axios(\\.create\\(\\))?(?:\\.(${verb}))?$`);
const gotCall = new RegExp(`^got(?:\\.got)?(\\.extend\\(\\))?(?:\\.(${verb}))?$`);
const kyCall = new RegExp(`^ky(?:\\.ky)?(\\.(?:create|extend)\\(\\))?(?:\\.(${verb}))?$`);
const nodeCall = /^https?\.(?:request|get)$/;
const undiciCall = /^undici\.(?:request|stream)$/;

/** A call to another server in JavaScript, with its time limit; undefined for any other call. */
export const javascriptHttpCall: Language['httpCall'] = (name, call, reading) => {
  const { names } = reading;
  if (fetches.has(name)) {
    return {
      library: name.replace(/^global\./, '').split('.', 1)[0] ?? name,
      call: 'fetch',
      limit: fetchLimit(call, reading),
    };
  }
  const axios = axiosCall.exec(name);
  if (axios) {
    if (axios[0] === 'axios.create') return undefined;
    return {
      library: 'axios',
      call: `axios${axios[2] ? `.${axios[2]}` : ''}`,
      limit: axiosLimit(axios[2], call, names),
    };
  }
  const got = gotCall.exec(name);
  if (got) {
    const limitAt = (of: Call, index: number) => limitOf(optionsAt(of, index, names), reading, 'whole');
    const own = limitAt(call, 1);
    const limit =
      own === 'none' && got[1] !== undefined ? instanceLimit(call, names, (maker) => limitAt(maker, 0)) : own;
    return { library: 'got', call: 'got', limit };
  }
  if (kyCall.test(name)) {
    const { entries, open } = optionsAt(call, 1, names);
    // ky waits ten seconds for a response by default.
    const limit = entries.has('timeout') && isFalsy(entries.get('timeout')) ? 'none' : 'wait';
    return { library: 'ky', call: 'ky', limit: open ? 'unknown' : limit };
  }
  if (undiciCall.test(name)) return { library: 'undici', call: name, limit: undiciLimit(call, reading) };
  if (nodeCall.test(name)) return { library: 'node', call: name, limit: nodeLimit(call, reading) };
  return undefined;
};

function fetchLimit(call: Call, reading: Reading): Limit {
  const [target, init] = call.args;
  // A Request carries a signal of its own.
  if (call.open || !target || isRequest(target, reading.names)) return 'unknown';
  if (init === undefined) return 'none';
  return limitOf(optionsAt(call, 1, reading.names), reading, 'wait');
}

function isRequest(target: Value, names: Names): boolean {
  if (target.kind === 'variable' && /req/i.test(target.name)) return true;
  return /Request\(\)$/.test(names.of(target) ?? '');
}

/**
 * The limit that options set by `signal` or `timeout`.
 *
 * @param timeout the limit by this library's `timeout`
 */
function limitOf({ entries, open }: Options, reading: Reading, timeout: Limit): Limit {
  const signal = entries.get('signal');
  if (signal !== undefined && !isFalsy(signal)) return signalLimit(signal, reading);
  if (entries.has('timeout')) return isFalsy(entries.get('timeout')) ? 'none' : timeout;
  return open || entries.has('dispatcher') || entries.has('agent') ? 'unknown' : 'none';
}

function signalLimit(signal: Value, { module, names }: Reading): Limit {
  const name = names.of(signal);
  if (name === 'global.AbortSignal.timeout()') return 'whole';
  const made = names.literal(signal);
  if (name === 'global.AbortSignal.any()' && made?.kind === 'call') {
    const [list] = made.call.args;
    const parts = list?.kind === 'list' ? list.items : [];
    return parts.some((part) => names.of(part) === 'global.AbortSignal.timeout()') ? 'whole' : 'unknown';
  }
  if (name !== 'global.AbortController().signal') return 'unknown';
  // setTimeout(() => controller.abort(), 5000): code that clears the timer after the headers does not limit the body.
  const aborted = module.calls.some(
    ({ callee, within }) =>
      names.of(callee) === 'global.AbortController().abort' &&
      within !== undefined &&
      names.of(within.callee) === 'global.setTimeout',
  );
  return aborted ? 'wait' : 'unknown';
}

function axiosLimit(method: string | undefined, call: Call, names: Names): Limit {
  if (call.open) return 'unknown';
  const bodied = method === 'post' || method === 'put' || method === 'patch';
  const [first] = call.args;
  const alone = method === 'request' || (method === undefined && names.literal(first)?.kind === 'object');
  const own = optionsAt(call, alone ? 0 : bodied ? 2 : 1, names);
  const ownLimit = axiosOptions(own);
  if (ownLimit !== 'none' || own.entries.has('timeout')) return ownLimit;
  // The default instance has no limit. `axios.defaults.timeout` counts as a guard.
  const fallback = isDefaultInstance(call, names) ? 'none' : 'unknown';
  return instanceLimit(call, names, (maker) => axiosOptions(optionsAt(maker, 0, names)), fallback);
}

const isDefaultInstance = ({ callee }: Call, names: Names): boolean =>
  /^axios(?:\.\w+)?$/.test(names.of(callee) ?? '');

/** In Node, axios limits the silence between two bytes, and not a dripping body. */
function axiosOptions({ entries, open }: Options): Limit {
  if (entries.has('timeout')) return isFalsy(entries.get('timeout')) ? 'none' : 'wait';
  return open || ['signal', 'adapter', 'httpAgent', 'httpsAgent'].some((key) => entries.has(key))
    ? 'unknown'
    : 'none';
}

function undiciLimit(call: Call, reading: Reading): Limit {
  const options = optionsAt(call, 1, reading.names);
  const set = ['headersTimeout', 'bodyTimeout'].filter((key) => options.entries.has(key));
  const limit = limitOf(options, reading, 'unknown');
  return limit === 'none' && set.length > 0 ? (set.includes('headersTimeout') ? 'wait' : 'unknown') : limit;
}

/** A later `setTimeout` or `destroy` may limit a request, so that the limit is unknown. */
function nodeLimit(call: Call, { module, names }: Reading): Limit {
  const later = module.calls.some(
    ({ callee, args: [event] }) =>
      callee.kind === 'member' &&
      (['setTimeout', 'destroy', 'abort'].includes(callee.name) ||
        (event?.kind === 'text' && event.text === 'timeout')),
  );
  if (later || call.open) return 'unknown';
  const options = call.args.map((arg) => names.literal(arg));
  const given = options.flatMap((value) => (value?.kind === 'object' ? [value] : []));
  const readable = options.every((value) => value && ['text', 'object', 'function'].includes(value.kind));
  const bounding = given.some(
    ({ entries, open }) => open || ['timeout', 'signal', 'agent'].some((key) => entries.has(key)),
  );
  return readable && !bounding ? 'none' : 'unknown';
}
