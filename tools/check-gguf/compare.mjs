// Compares what slim and llama.cpp said of one model: node compare.mjs GRAPH DTYPE FOLDER.
import { readFileSync } from "node:fs";

const [graph, dtype, folder] = process.argv.slice(2);
const read = name => JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"));
const [slim, text, llama, written] = [read("eval"), read("text"), read("llama"), read("export")];
const same = text.ids.findIndex((id, at) => id !== llama.greedy[at]);
console.log(`${graph} ${dtype}: perplexity ${slim.perplexity.toFixed(5)} in slim, ${llama.perplexity.toFixed(5)} in llama.cpp; ` +
  `${slim.tokens} and ${llama.scored} tokens scored; greedy text equal ${same < 0 ? `over ${text.ids.length} tokens` : `up to token ${same}`}; ${written.bytes} bytes`);
// Other formats than F32 round the weights: only that the figures are near is asked of them.
const allowed = dtype === "f32" ? 0.0005 : slim.perplexity * 0.02;
const isRight = slim.tokens === llama.scored && Math.abs(slim.perplexity - llama.perplexity) <= allowed && (dtype !== "f32" || (same < 0 && text.ids.length === 100));
if (!isRight) {
  console.error(`${graph} ${dtype}: slim and llama.cpp disagree`);
}

process.exit(isRight ? 0 : 1);
