/**
 * Loaded into every Node process of the server under test before its own code (`--require`). It redirects connections to
 * other hosts to the lab's gateway, without DNS, and logs events as lines of JSON. It changes only
 * `net.Socket.prototype.connect` and NO_PROXY, prints nothing, and never throws.
 *
 * MCP_PROD_LAB_EVENTS   the file for the lines
 * MCP_PROD_LAB_GATEWAY  port of the gateway on 127.0.0.1
 * MCP_PROD_LAB_MARK     sent first on each connection to the gateway, before TLS
 * MCP_PROD_LAB_HOSTS    "host" or "host:port" goes to the gateway, "host=20123" to that port of 127.0.0.1; separated by commas
 */
'use strict';

const { appendFileSync, writeSync } = require('node:fs');
const net = require('node:net');
const { isMainThread } = require('node:worker_threads');

const events = process.env.MCP_PROD_LAB_EVENTS;
const gateway = Number(process.env.MCP_PROD_LAB_GATEWAY);
const mark = process.env.MCP_PROD_LAB_MARK ?? '';
/** Listed host → port of 127.0.0.1. */
const listed = new Map(
  (process.env.MCP_PROD_LAB_HOSTS ?? '')
    .split(',')
    .filter((entry) => entry !== '')
    .map((entry) => entry.split('='))
    .map(([place, port]) => [place, port === undefined ? gateway : Number(port)]),
);
/** Each destination is logged once. */
const logged = new Set();
const maxLogged = 500;

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
    logOnce(aimed === undefined ? 'direct' : 'redirect', host, port);
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
  // Worker threads share the process. One hello is enough.
  if (isMainThread) {
    bypassProxy();
    write({ event: 'hello', runtime: 'node', pid: process.pid });
    process.on('exit', (code) => write({ event: 'exit', pid: process.pid, code }));
  }
}

/** The signatures of `socket.connect`: options, port and host, or Node's internal form. Pipes are not redirected. */
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

/** The port of 127.0.0.1 to redirect to. TLS to an IP address is not redirected: it names no host for the gateway. */
function portInstead(host, port, encrypted) {
  const exactly = listed.get(`${host}:${port}`);
  if (exactly !== undefined) return exactly;
  if (isLoopback(host) || (encrypted && net.isIP(host) !== 0)) return undefined;
  return listed.get(host) ?? (encrypted || port === 80 || port === 443 ? gateway : undefined);
}

/** Hosts with a port of their own must not go through the gateway as a proxy. */
function bypassProxy() {
  const bypassed = [...listed].filter(([, port]) => port !== gateway).map(([place]) => place);
  if (bypassed.length === 0) return;
  for (const name of ['NO_PROXY', 'no_proxy']) {
    process.env[name] = [process.env[name], ...bypassed].filter(Boolean).join(',');
  }
}

/** Socket → its pending listener. */
const marking = new WeakMap();

/**
 * Sends the mark before anything else: earlier writes and TLS handshakes wait for the same event. It goes to the descriptor,
 * because a TLS socket would encrypt it. So few bytes always fit into a new connection.
 */
function markOnceConnected(socket) {
  // The listener of a failed attempt.
  socket.off('connect', marking.get(socket) ?? (() => {}));
  const write = () => {
    try {
      writeSync(socket._handle.fd, mark);
    } catch {
      // The gateway records a connection without the mark.
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

function logOnce(event, host, port) {
  const key = `${event} ${host} ${port}`;
  if (logged.has(key) || logged.size >= maxLogged) return;
  logged.add(key);
  write({ event, pid: process.pid, host, port });
}

function write(event) {
  try {
    appendFileSync(events, `${JSON.stringify(event)}\n`);
  } catch {
    // Without write permission, the hello is missing too.
  }
}
