const needsSession =
  'The server asks the client while a call is open, and the answer has to reach the very server object that asked. That ' +
  'takes a session; this server keeps none, so that any instance can serve any request. Revision 2026-07-28 has replaced ' +
  'such requests with results that ask for more input, and those work.';

/** What clients of 2025-11-25 cannot have, and why. */
export const requestsToTheClient: Record<string, string> = {
  'tools-call-sampling': needsSession,
  'tools-call-elicitation': needsSession,
  'elicitation-sep1034-defaults': needsSession,
  'elicitation-sep1330-enums': needsSession,
};

const saysNothing = 'The server under test does not declare the logging capability in this run.';

/** What else fails where a server sends no log messages to its clients, as generated ones do not. */
export const logMessages: Record<string, string> = {
  'logging-set-level': saysNothing,
  'tools-call-with-logging': saysNothing,
};

/** Scenarios that check nothing without a session; the suite reports neither passes nor failures. */
export const aboutSessions = ['server-sse-multiple-streams'];
