// `node healthy.mjs URL`: ends with 0 where the address answers with success, else with 1 and what it said.
const answer = await fetch(process.argv[2], { signal: AbortSignal.timeout(5000) }).catch((error) => error);
if (!answer.ok) console.error(answer.status ? `${answer.status} ${await answer.text()}` : String(answer.cause ?? answer));
process.exit(answer.ok ? 0 : 1);
