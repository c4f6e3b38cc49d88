/** Nobody waits for it, and the address, which is a secret, is in no line. */
export function postAlert(url, text, log) {
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
    signal: AbortSignal.timeout(3_000),
  })
    .then(async (answer) => {
      await answer.body?.cancel();
      if (!answer.ok) log.warn('The alert was refused', { status: answer.status });
    })
    .catch((error) => log.warn('The alert did not arrive', { error: error.name }));
}
