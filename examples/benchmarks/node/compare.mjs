// Answers the queries of expected.json with model.onnx, and fails unless answers and iterations are those that
// the Java library gave: node compare.mjs FOLDER, in which are onnx/model.onnx and expected.json.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'onnxruntime-node';
import { Model } from './model.mjs';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node compare.mjs FOLDER');
  process.exit(2);
}
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
const model = await Model.load(join(folder, 'onnx', 'model.onnx'));
console.log(`Node ${process.versions.node}, ONNX Runtime ${env.versions.node ?? env.versions.common}`);
console.log(`${model.vocabulary.length} tokens; halting: ${JSON.stringify(expected.halting)}`);

const found = await model.answer(expected.answers.map(({ query }) => query), expected.halting);
for (const { query, answer, iterations } of found.slice(0, 5)) {
  console.log(`${query} -> ${answer} after ${iterations} iterations`);
}
const answersDiffer = found.filter(({ answer }, row) => answer !== expected.answers[row].answer);
const iterationsDiffer = found.filter(({ iterations }, row) => iterations !== expected.answers[row].iterations);
console.log(
  `${found.length} queries: ${answersDiffer.length} answers and ${iterationsDiffer.length} numbers of iterations ` +
    'are other than those of the Java library.',
);
process.exit(answersDiffer.length + iterationsDiffer.length === 0 ? 0 : 1);
