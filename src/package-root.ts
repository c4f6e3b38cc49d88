/** The folder of this package, one up from both `src/` and `dist/`, where the built files lie side by side. */
export const packageRoot = new URL('../', import.meta.url);
