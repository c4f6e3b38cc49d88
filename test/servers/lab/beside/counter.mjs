// Counts the commands that it got, whatever they say, at the port that is its first word.
import { createServer } from 'node:net';

let count = 0;
createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', () => {
    count += 1;
    socket.write(`:${count}\r\n`);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
