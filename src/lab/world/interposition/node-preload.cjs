/**
 * Loaded into every Node process of the server under test before its own code (`--require`). It points connections to
 * other hosts at the lab's gateway, without DNS, and tells what it did in lines of JSON. It changes
 * `net.Socket.prototype.connect` and NO_PROXY and nothing else, prints nothing, and never throws.
 *
 * MCP_PROD_LAB_EVENTS   file that the lines are appended to
 * MCP_PROD_LAB_GATEWAY  port of the gateway on 127.0.0.1
 * MCP_PROD_LAB_MARK     what each connection to the gateway begins with, before TLS and before all that is written
 * MCP_PROD_LAB_HOSTS    hosts, or host:port, that go to the gateway on any port, separated by commas; "host=20123" goes to
 *                       that port on 127.0.0.1 instead
 */
'use strict';

const { appendFileSync, writeSync } = require('node:fs');
const net = require('node:net');
const { isMainThread } = require('node:worker_threads');

const events = process.env.MCP_PROD_LAB_EVENTS;
const gateway = Number(process.env.MCP_PROD_LAB_GATEWAY);
const mark = process.env.MCP_PROD_LAB_MARK ?? '';
/** The port on 127.0.0.1 that each listed place goes to. */
const listed = new Map(
  (process.env.MCP_PROD_LAB_HOSTS ?? '')
    .split(',')
    .filter((entry) => entry !== '')
    .map((entry) => entry.split('='))
    .map(([place, port]) => [place, port === undefined ? gateway : Number(port)]),
);
/** Each destination is told once: what counts is where it went, not how often. */
const told = new Set();
const maxTold = 500;

if (events && gateway) {
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function connectOrRedirect(...words) {
    const asked = readArguments(words);
    if (asked === undefined) return connect.apply(this, words);
    const { options, callback } = asked;
    const host = String(options.host ?? 'localhost').toLowerCase();
    const port = Number(options.port);
    if (isLoopback(host) && port === gateway) {
      markOnceConnected(this);
      return connect.apply(this, words);
    }
    const aimed = portInstead(host, port, this.encrypted === true);
    tell(aimed === undefined ? 'direct' : 'redirect', host, port);
    if (aimed === undefined) return connect.apply(this, words);
    if (aimed === gateway) markOnceConnected(this);
    const aim = {
      ...options,
      host: '127.0.0.1',
      port: aimed,
      autoSelectFamily: false,
      family: undefined,
      localAddress: undefined,
      localPort: undefined,
      lookup: undefined,
    };
    return callback === undefined ? connect.call(this, aim) : connect.call(this, aim, callback);
  };
  // Workers share the process; one hello is enough.
  if (isMainThread) {
    goPastProxy();
    write({ event: 'hello', runtime: 'node', pid: process.pid });
    process.on('exit', (code) => write({ event: 'exit', pid: process.pid, code }));
  }
}

/** The forms of `socket.connect`: options, port and host, or what Node hands on to itself. Pipes are none of ours. */
function readArguments(words) {
  const [first, ...rest] = Array.isArray(words[0]) ? words[0] : words;
  const callback = rest.find((word) => typeof word === 'function');
  if (typeof first === 'object' && first !== null) {
    return first.path || first.port === undefined ? undefined : { options: first, callback };
  }
  if (typeof first !== 'number' && !/^\d+$/.test(String(first))) return undefined;
  const host = typeof rest[0] === 'string' ? rest[0] : undefined;
  return { options: host === undefined ? { port: first } : { port: first, host }, callback };
}

/**
 * The port on 127.0.0.1 that the connection goes to; undefined: it goes where it was meant to. TLS to an address names no
 * host, so that the gateway could not tell where that was.
 */
function portInstead(host, port, encrypted) {
  const exactly = listed.get(`${host}:${port}`);
  if (exactly !== undefined) return exactly;
  if (isLoopback(host) || (encrypted && net.isIP(host) !== 0)) return undefined;
  return listed.get(host) ?? (encrypted || port === 80 || port === 443 ? gateway : undefined);
}

/** What has a port of its own is not the gateway's to answer, which is the proxy as well. */
function goPastProxy() {
  const past = [...listed].filter(([, port]) => port !== gateway).map(([place]) => place);
  if (past.length === 0) return;
  for (const name of ['NO_PROXY', 'no_proxy']) {
    process.env[name] = [process.env[name], ...past].filter(Boolean).join(',');
  }
}

/** What waits for each socket to be connected. */
const marking = new WeakMap();

/**
 * Goes out before anything else, whatever was written already: that waits for the same event, as a TLS handshake does. It
 * is written to the descriptor, since a TLS socket would encrypt it. So few bytes always fit into a fresh connection.
 */
function markOnceConnected(socket) {
  // Left from an attempt that failed.
  socket.off('connect', marking.get(socket) ?? (() => {}));
  const write = () => {
    try {
      writeSync(socket._handle.fd, mark);
    } catch {
      // The gateway ends a connection without it, and tells.
    }
  };
  marking.set(socket, write);
  socket.prependOnceListener('connect', write);
}

function isLoopback(host) {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    /^127\.\d+\.\d+\.\d+$/.test(host) ||
    ['::1', '[::1]', '0.0.0.0', '::'].includes(host)
  );
}

function tell(event, host, port) {
  const key = `${event} ${host} ${port}`;
  if (told.has(key) || told.size >= maxTold) return;
  told.add(key);
  write({ event, pid: process.pid, host, port });
}

function write(event) {
  try {
    appendFileSync(events, `${JSON.stringify(event)}\n`);
  } catch {
    // A server that may not write there is one that said no hello.
  }
}
