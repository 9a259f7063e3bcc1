// An exported model in JavaScript: model.onnx, which says its vocabulary itself, and model.data beside it.

import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const METADATA_PROPS = 14; // field of ModelProto
const LENGTH_DELIMITED = 2;

/** Yields the length-delimited fields of a protocol buffers message as [number, bytes]. */
function* fields(bytes) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) {
        return value;
      }
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === LENGTH_DELIMITED) {
      const length = varint();
      yield [tag >>> 3, bytes.subarray(at, at + length)];
      at += length;
    } else if (wire === 0) {
      varint();
    } else {
      at += wire === 1 ? 8 : 4;
    }
  }
}

/** Returns the metadata of an ONNX file, which onnxruntime-node does not give. */
export function metadata(file) {
  const found = {};
  for (const [number, bytes] of fields(readFileSync(file))) {
    if (number === METADATA_PROPS) {
      const [key, value] = [...fields(bytes)].map(([, text]) => new TextDecoder().decode(text));
      found[key] = value;
    }
  }
  return found;
}

export class Model {
  static async load(file) {
    const properties = metadata(file);
    const vocabulary = JSON.parse(properties['recurrent.vocabulary']);
    return new Model(await InferenceSession.create(file), vocabulary);
  }

  constructor(session, vocabulary) {
    this.session = session;
    this.vocabulary = vocabulary;
    this.ids = new Map(vocabulary.map((token, id) => [token, id]));
  }

  /** Answers queries such as "<e_3><r_1>" in one call, each after as many iterations as it needs. */
  async answer(queries, halting) {
    const rows = queries.map((query) =>
      query.match(/<[^>]+>/g).map((token) => {
        if (!this.ids.has(token)) {
          throw new Error(`${query}: the model has no token ${token}`);
        }
        return this.ids.get(token);
      }),
    );
    // A model without positions is read at the first pad.
    const length = Math.max(...rows.map((row) => row.length)) + 1;
    const ids = new BigInt64Array(rows.length * length);
    rows.forEach((row, index) => row.forEach((id, place) => (ids[index * length + place] = BigInt(id))));
    const int64 = (value) => new Tensor('int64', [BigInt(value)], []);
    const float = (value) => new Tensor('float32', [value], []);
    const { logits, iterations } = await this.session.run({
      input_ids: new Tensor('int64', ids, [rows.length, length]),
      max_iterations: int64(halting.max_iterations),
      min_iterations: int64(halting.min_iterations),
      kl_threshold: float(halting.kl_threshold),
      entropy_threshold: float(halting.entropy_threshold),
    });
    const size = this.vocabulary.length;
    return queries.map((query, row) => {
      let best = 0;
      for (let id = 1; id < size; id++) {
        if (logits.data[row * size + id] > logits.data[row * size + best]) {
          best = id;
        }
      }
      return { query, answer: this.vocabulary[best], iterations: Number(iterations.data[row]) };
    });
  }
}
