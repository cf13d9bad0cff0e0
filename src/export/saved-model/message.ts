/** Encodes a network as TensorFlow's SavedModel message (saved_model.proto, meta_graph.proto). */
import { writeGraphDef, writeShape } from '../../runtime/graph/graph-def.ts';
import { encode, type Writer } from '../../runtime/graph/protocol-buffers.ts';
import { INPUT_NAME, type InferenceGraph } from '../inference/graph.ts';
import type { ModelFacts } from '../network-format.ts';
import { FLOAT } from './operation-nodes.ts';
import { inputShape, nodesOf, outputShape } from './operations.ts';

/** Version of the message: `saved_model_schema_version` of every TensorFlow. */
const SCHEMA = 1;

/** The tag by which loaders find the graph. */
export const TAG = 'serve';

/** What Keras, TensorFlow Serving and LiteRT call; the only one, because LiteRT takes the only one without a name. */
export const SIGNATURE = 'serving_default';

/** TensorFlow Serving's word for a signature of any inputs and outputs. */
const METHOD = 'tensorflow/serving/predict';

/**
 * A network as a SavedModel that needs no other file, as its weights are constants.
 *
 * @param facts they become collections of one text each
 */
export function encodeSavedModel(graph: InferenceGraph, facts: ModelFacts): Uint8Array {
  return encode((savedModel) => {
    savedModel.writeInt64(1, SCHEMA);
    savedModel.writeMessage(2, graph, (_, metaGraph) => {
      metaGraph.writeMessage(1, TAG, (tag, information) => information.writeRepeatedString(4, [tag]));
      metaGraph.writeMessage(2, nodesOf(graph), writeGraphDef);
      for (const [name, text] of Object.entries(facts)) {
        writeEntry(metaGraph, 4, name, (collection) => writeTexts(collection, [text]));
      }
      writeEntry(metaGraph, 5, SIGNATURE, (signature) => writeSignature(graph, signature));
    });
  });
}

function writeSignature(graph: InferenceGraph, signature: Writer): void {
  writeEntry(signature, 1, INPUT_NAME, (tensor) => writeTensorInfo(INPUT_NAME, inputShape(graph), tensor));
  writeEntry(signature, 2, graph.output, (tensor) => writeTensorInfo(graph.output, outputShape(graph), tensor));
  signature.writeString(3, METHOD);
}

/** @param node its first output is the tensor, of float32 */
function writeTensorInfo(node: string, shape: readonly number[], tensor: Writer): void {
  tensor.writeString(1, `${node}:0`);
  tensor.writeEnum(2, FLOAT);
  tensor.writeMessage(3, shape, writeShape);
}

/** Writes a CollectionDef of bytes. */
function writeTexts(collection: Writer, texts: readonly string[]): void {
  collection.writeMessage(2, texts, (values, list) => list.writeRepeatedString(1, values));
}

/** Writes an entry of a map from names to messages. */
function writeEntry(writer: Writer, field: number, name: string, write: (value: Writer) => void): void {
  writer.writeMessage(field, name, (key, entry) => {
    entry.writeString(1, key);
    entry.writeMessage(2, key, (_, value) => write(value));
  });
}
