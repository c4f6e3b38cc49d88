#!/usr/bin/env node

// The program cannot report errors until it is loaded.
process.on('uncaughtException', couldNotLoad);
const { main } = await import('../dist/main.js').catch(couldNotLoad);
process.off('uncaughtException', couldNotLoad);

process.exitCode = await main(process.argv.slice(2));

// Some work cannot be cancelled, for example a DNS lookup. The run no longer needs it.
setTimeout(() => {
  if (process.stdout.writableLength === 0) process.exit();
}, 1_000).unref();

function couldNotLoad(thrown) {
  let [message, stack] = ['the program could not be loaded.', ''];
  try {
    message = String(thrown.message ?? thrown).split('\n', 1)[0];
    stack = String(thrown.stack);
  } catch {
    // Reading a thrown value may throw.
  }
  process.stderr.write(`mcp-prod: This is a defect in mcp-prod: ${message}\n`);
  process.stderr.write(
    process.env.MCP_PROD_DEBUG
      ? `${stack}\n`
      : '  Please report it, with the stack trace that MCP_PROD_DEBUG=1 prints.\n',
  );
  process.exit(3);
}
