import type { HttpCall } from '../../../../../evidence/source.ts';
import { instanceLimit, isFalsy, keywordsOf, type Reading } from '../../facts/reading.ts';
import type { Call, Value } from '../../module.ts';
import type { Names } from '../../names.ts';
import type { Language } from '../language.ts';

type Limit = HttpCall['limit'];

const verb = '(?:get|post|put|patch|delete|head|options|request)';
const requestsCall = new RegExp(`^requests(?:(?:\\.sessions)?\\.[Ss]ession\\(\\))?\\.(${verb})$`);
const httpxCall = new RegExp(`^httpx(\\.(?:Async)?Client\\(\\))?\\.(${verb}|stream)$`);
const aiohttpCall = new RegExp(`^aiohttp(?:\\.ClientSession\\(\\)\\.${verb}|\\.request)$`);
const urllib3Call = /^urllib3(?:\.PoolManager\(\))?\.(?:request|urlopen)$/;
const connection = /^http\.client\.HTTPS?Connection$/;

/** A call to another server in Python, with its time limit; undefined for any other call. */
export const pythonHttpCall: Language['httpCall'] = (name, call, reading) => {
  const { names } = reading;
  const requests = requestsCall.exec(name);
  if (requests) {
    return {
      library: 'requests',
      call: `requests.${requests[1]}`,
      limit: requestsLimit(name, call, reading),
    };
  }
  const httpx = httpxCall.exec(name);
  if (httpx) return { library: 'httpx', call: `httpx.${httpx[2]}`, limit: httpxLimit(call, httpx[1], names) };
  if (aiohttpCall.test(name))
    return { library: 'aiohttp', call: 'aiohttp', limit: aiohttpLimit(call, names) };
  if (name === 'urllib.request.urlopen')
    return { library: 'urllib', call: name, limit: given(call, call.args[2]) };
  if (urllib3Call.test(name)) return { library: 'urllib3', call: name, limit: urllib3Limit(call, names) };
  if (connection.test(name)) return { library: 'http.client', call: name, limit: given(call, call.args[2]) };
  return undefined;
};

/** The limit by `timeout=`, for libraries without a default. It limits each wait on the socket. */
function given(call: Call, positional?: Value): Limit {
  const { entries, open } = keywordsOf(call);
  const timeout = entries.get('timeout') ?? positional;
  if (timeout === undefined) return open ? 'unknown' : 'none';
  return isFalsy(timeout) ? 'none' : 'wait';
}

/** A mounted adapter may add a timeout to each request of its session. */
function requestsLimit(name: string, call: Call, { module, names }: Reading): Limit {
  const limit = given(call);
  if (limit !== 'none' || !name.includes('()')) return limit;
  const mounted = module.calls.some(
    ({ callee }) =>
      callee.kind === 'member' && callee.name === 'mount' && /[Ss]ession\(\)/.test(names.of(callee) ?? ''),
  );
  return mounted ? 'unknown' : 'none';
}

/** httpx waits five seconds for each step by default. */
function httpxLimit(call: Call, instance: string | undefined, names: Names): Limit {
  const own = httpxTimeout(call, names);
  if (own !== undefined || instance === undefined) return own ?? (call.open ? 'unknown' : 'wait');
  return instanceLimit(
    call,
    names,
    (maker) => httpxTimeout(maker, names) ?? (maker.open ? 'unknown' : 'wait'),
  );
}

function httpxTimeout(call: Call, names: Names): Limit | undefined {
  const timeout = names.literal(call.keywords.get('timeout'));
  if (timeout === undefined) return undefined;
  if (isFalsy(timeout)) return 'none';
  if (timeout.kind === 'number') return 'wait';
  if (timeout.kind !== 'call' || names.of(timeout.call.callee) !== 'httpx.Timeout') return 'unknown';
  const [all] = timeout.call.args;
  if (all !== undefined && isFalsy(all)) return timeout.call.keywords.size === 0 ? 'none' : 'unknown';
  return 'wait';
}

/** aiohttp limits the whole exchange to 300 seconds by default. */
function aiohttpLimit(call: Call, names: Names): Limit {
  const sources = [call, ...(names.makersOf(call) ?? [])];
  for (const source of sources) {
    const timeout = names.literal(source.keywords.get('timeout'));
    if (timeout === undefined) {
      if (source.open) return 'unknown';
      continue;
    }
    if (timeout.kind === 'number') return isFalsy(timeout) ? 'none' : 'whole';
    const total =
      timeout.kind === 'call' ? (timeout.call.keywords.get('total') ?? timeout.call.args[0]) : undefined;
    return total !== undefined && !isFalsy(total) ? 'whole' : 'unknown';
  }
  return 'whole';
}

function urllib3Limit(call: Call, names: Names): Limit {
  const own = given(call);
  if (own !== 'none') return own;
  const makers = names.makersOf(call) ?? [];
  return makers.some((maker) => maker.open || maker.keywords.has('timeout')) ? 'unknown' : 'none';
}
