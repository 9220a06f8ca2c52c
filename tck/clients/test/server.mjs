// Where the tests run: ENTREPOT_URL, ENTREPOT_KEY and ENTREPOT_MODEL. The model must follow the
// rules of ../../upstream.mjs ("say WORDS", "weather in PLACE"), as the run script's own does.
export const url = process.env.ENTREPOT_URL;
export const key = process.env.ENTREPOT_KEY;
export const model = process.env.ENTREPOT_MODEL ?? 'tck/echo';
/** Another name of the model, without a slash. */
export const alias = process.env.ENTREPOT_ALIAS ?? 'kit-alias';
if (!url || !key) throw new Error('set ENTREPOT_URL and ENTREPOT_KEY, or use run.mjs --start');

export const weather = {
  name: 'get_weather',
  description: 'The weather in a city',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
};
