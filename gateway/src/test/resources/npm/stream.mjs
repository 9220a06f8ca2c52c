// Drives a server with the npm package openai 7.55.0, unmodified. Prints one JSON object.
import { createRequire } from 'node:module';
const require = createRequire(process.argv[2] + '/');
const OpenAI = require('openai').default ?? require('openai');

const client = new OpenAI({ baseURL: process.argv[3] + '/v1', apiKey: process.argv[4] });
const sessions = client.beta.agents.sessions;
const weather = {
  type: 'function',
  name: 'weather',
  description: 'Tells the weather.',
  parameters: { type: 'object' },
};
const agent = { model: 'scripted', tools: [weather] };
const environment = { type: 'none' };
const out = {};

async function idle(id) {
  for (let i = 0; i < 2000; i++) {
    if ((await sessions.retrieve(id)).status === 'idle') return;
  }
  throw new Error('never idle');
}

// A stream that creates, with tool handlers.
const asked = [];
const creation = await sessions.create({
  environment, agent, input: 'Hello', stream: true,
  toolHandlers: { weather: async (args) => { asked.push(args); return { sky: 'clear' }; } },
});
out.created = (await creation.finalResult()).output_text ?? null;
out.asked = asked;

// A session, then the helper that follows one turn, twice.
const session = await sessions.create({ environment, agent, input: 'Hello' });
await idle(session.id);
const types = [];
for (const text of ['one', 'two']) {
  const stream = sessions.stream(session.id, { input: text }).withResultCollection();
  for await (const event of stream) types.push(event.type);
  const result = await stream.finalResult();
  (out.followed ??= []).push(result.output_text);
}
out.types = types;

// A handler that fails is told to the model.
const failing = sessions.stream(session.id, {
  input: 'three',
  toolHandlers: { weather: () => { throw new Error('secret detail'); } },
});
out.failing = (await failing.finalResult()).output_text ?? null;

// Lists page by themselves.
out.turns = 0;
for await (const turn of sessions.turns.list(session.id, { limit: 1 })) out.turns += turn.id ? 1 : 0;
out.items = 0;
for await (const item of sessions.items.list(session.id, { limit: 2 })) out.items += item.id ? 1 : 0;

out.deleted = (await sessions.delete(session.id)).deleted;
try {
  await sessions.retrieve(session.id);
} catch (error) {
  out.gone = error.status;
}
console.log(JSON.stringify(out));
