/** Answers pictures over HTTP: node examples/server.mjs [run] [port], then curl --data-binary @7.png 127.0.0.1:8080 */
import { createServer } from 'node:http';
import { openCheckpoint } from 'resnet';

const MOST_BYTES = 10 * 2 ** 20;
const end = ({ message, code }) => {
  console.error(message); // there is no such run, or the port is busy
  process.exit(Number(code) || 1);
};
const model = await openCheckpoint(process.argv[2]).catch(end);

/** The status and the JSON that answer a request. Of a body that is too large, the rest is not read. */
async function answerTo(request) {
  if (request.method !== 'POST') return [405, { problem: 'POST the bytes of a picture' }];
  const pieces = [];
  let bytes = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) return [413, { problem: `a picture has at most ${MOST_BYTES} bytes` }];
    pieces.push(piece);
  }
  const { value } = await model.predict(Buffer.concat(pieces)).next();
  return [value.problem ? 422 : 200, value];
}
const server = createServer(async (request, response) => {
  const [status, facts] = await answerTo(request).catch((error) => [500, { problem: error.message }]);
  response.writeHead(status, { allow: 'POST', 'content-type': 'application/json', connection: 'close' });
  response.end(`${JSON.stringify(facts)}\n`);
}).on('error', end);
server.listen(Number(process.argv[3] ?? 8080), '127.0.0.1', () => console.log(`port ${server.address().port}`));
