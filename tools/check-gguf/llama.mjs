// Perplexity and greedy text of a GGUF file in stock llama.cpp, as one line of JSON.
// node llama.mjs MODEL.gguf TEXT WINDOW PROMPT NEW_TOKENS
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/`);
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(require.resolve("node-llama-cpp")));
const [path, textPath, windowText, prompt, newTokens] = process.argv.slice(2);
const window = Number(windowText);

const llama = await getLlama({ gpu: false, build: "never", progressLogs: false, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
const context = await model.createContext({
  contextSize: window, batchSize: window, threads: 1, flashAttention: false, experimentalKvCacheKeyType: "F32", experimentalKvCacheValueType: "F32",
});
const sequence = context.getSequence();
const bos = model.tokens.bos;

// llama.cpp's protocol: BOS first in each window, the tokens behind its middle are scored.
const ids = [bos, ...model.tokenize(readFileSync(textPath, "utf8"), false)];
let nll = 0;
let scored = 0;
for (let start = 0; start + window <= ids.length; start += window) {
  const tokens = ids.slice(start, start + window);
  tokens[0] = bos;
  const first = window / 2;
  await sequence.clearHistory();
  const outputs = await sequence.controlledEvaluate(tokens.slice(0, -1).map((token, at) => at < first ? token : [token, { generateNext: { probabilities: true } }]));
  for (let at = first; at < window - 1; at++) {
    nll -= Math.log(outputs[at].next.probabilities.get(tokens[at + 1]));
    scored++;
  }
}

await sequence.clearHistory();
let next = [bos, ...model.tokenize(prompt, false)];
const greedy = [];
while (greedy.length < Number(newTokens)) {
  const outputs = await sequence.controlledEvaluate(next.map((token, at) => at < next.length - 1 ? token : [token, { generateNext: { probabilities: true } }]));
  const [token] = outputs[next.length - 1].next.probabilities.entries().next().value;
  greedy.push(token);
  next = [token];
}

console.log(JSON.stringify({ perplexity: Math.exp(nll / scored), scored, ids: ids.length, first_ids: ids.slice(0, 16), greedy }));
process.exit(0);
