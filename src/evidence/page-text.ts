/**
 * What a page shows: the paths in its markup and scripts are paths of the web, not of the machine, and the keys in them
 * are meant for browsers. Text that is no page is left as it is.
 */
export function pageText(text: string): string {
  if (!/^\s*</.test(text)) return text;
  return text
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<(?:br|p|div|li|tr)\b[^>]{0,2000}>/gi, '\n')
    .replace(/<[^>]{0,2000}>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}
