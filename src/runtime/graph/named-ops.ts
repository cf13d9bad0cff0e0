/** Ops that record the layer they belong to, so that the graph's nodes are named after layers. */
import type { Ops } from '../ops.ts';
import type { Tensor, TensorFlowJs } from '../tensor.ts';

/** The part of the training step whose ops are being recorded. */
export interface Scope {
  /** A layer's address, the address followed by `/gradient` in the backward pass, `adam`, or empty. */
  name: string;
}

/** Wraps ops so that `scope` names the layer, the layer's gradient or Adam while its ops are recorded. */
export function namedOps(tf: TensorFlowJs, ops: Ops, scope: Scope): Ops {
  /** A copy of the tensor; when the backward pass reaches it, the scope changes to `name`. */
  const marked = (name: string, tensor: Tensor): Tensor =>
    tf.customGrad((x) => ({
      value: tf.clone(x as Tensor),
      gradFunc: (dy: Tensor) => {
        scope.name = name;
        return tf.clone(dy);
      },
    }))(tensor);
  return {
    ...ops,
    layer: (path, x, work) => {
      const outer = scope.name;
      scope.name = path;
      const y = marked(`${path}/gradient`, work(x));
      scope.name = outer;
      return y;
    },
    applyAdam: (...parameters) => {
      scope.name = 'adam';
      ops.applyAdam(...parameters);
      scope.name = '';
    },
  };
}
