/** Ops that tell which layer they belong to, as they are recorded: their nodes are named after it. */
import type { Ops } from '../ops.ts';
import type { Tensor, TensorFlowJs } from '../tensor.ts';

/** The layer whose ops are being recorded: its address, that with `/gradient`, `adam`, or empty. */
export interface Scope {
  name: string;
}

/** The same ops; while a layer, its gradient or Adam is at work, `scope` names it. */
export function namedOps(tf: TensorFlowJs, ops: Ops, scope: Scope): Ops {
  /** The same tensor; as a gradient goes back through it, the scope changes. */
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
    applyAdam: (...facts) => {
      scope.name = 'adam';
      ops.applyAdam(...facts);
      scope.name = '';
    },
  };
}
