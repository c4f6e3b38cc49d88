// CITY_LENGTH makes the argument shorter. CITY_LINES=refused forbids control characters, and the schema does not say so.
const cityLength = Number(process.env.CITY_LENGTH ?? 200);

export const tool = {
  name: 'get_weather',
  title: 'Weather',
  description: 'The current temperature in a city, in degrees Celsius.',
  annotations: { readOnlyHint: true, openWorldHint: true },
  inputSchema: {
    type: 'object',
    properties: {
      city: {
        type: 'string',
        minLength: 1,
        maxLength: cityLength,
        description: 'Name of the city, such as London',
      },
    },
    required: ['city'],
    additionalProperties: false,
  },
};

/** What is wrong with the arguments of a call; undefined: nothing. */
export function problemOf(words) {
  if (typeof words !== 'object' || words === null || Array.isArray(words))
    return 'arguments: must be an object';
  const stranger = Object.keys(words).find((name) => name !== 'city');
  if (stranger !== undefined) return 'arguments: "city" is the only one';
  const { city } = words;
  if (typeof city !== 'string') return 'city: must be a string';
  if (city.trim() === '' || city.length > cityLength) return `city: must have 1 to ${cityLength} characters`;
  if (process.env.CITY_LINES === 'refused' && /\p{Cc}/u.test(city)) return 'city: must be one line';
  return undefined;
}
