#!/usr/bin/env node

// Until the program is loaded, it cannot say by itself what went wrong.
process.on('uncaughtException', couldNotLoad);
const { main } = await import('../dist/main.js').catch(couldNotLoad);
process.off('uncaughtException', couldNotLoad);

process.exitCode = await main(process.argv.slice(2));

// Some work cannot be given up, such as a name that is being resolved. The run does not need it any more.
setTimeout(() => {
  if (process.stdout.writableLength === 0) process.exit();
}, 1_000).unref();

function couldNotLoad(thrown) {
  let [message, stack] = ['its program could not be loaded.', ''];
  try {
    message = String(thrown.message ?? thrown).split('\n', 1)[0];
    stack = String(thrown.stack);
  } catch {
    // Anything can be thrown, also what cannot be read.
  }
  process.stderr.write(`mcp-prod: This is a defect of mcp-prod: ${message}\n`);
  process.stderr.write(
    process.env.MCP_PROD_DEBUG
      ? `${stack}\n`
      : '  Please report it, with the stack trace that MCP_PROD_DEBUG=1 prints.\n',
  );
  process.exit(3);
}
