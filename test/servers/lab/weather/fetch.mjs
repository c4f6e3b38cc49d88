export async function getJson(url, limitMs) {
  const response = await fetch(url, { signal: AbortSignal.timeout(limitMs) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}
