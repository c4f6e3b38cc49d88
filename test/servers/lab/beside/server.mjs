// A server that counts visits in a service beside it, which speaks enough of Redis's protocol (RESP) for one command.
// It takes its port as a word of the command, and the service's URL from COUNTER_URL.
import { once } from 'node:events';
import { connect } from 'node:net';
import { serveTool } from '../one-tool.mjs';

const { hostname, port } = new URL(process.env.COUNTER_URL);

async function visit() {
  const socket = connect(Number(port), hostname);
  socket.write('INCR visits\r\n');
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return /^:(\d+)/.exec(answer)[1];
}

serveTool({ name: 'visit', call: visit, port: process.argv[2] });
