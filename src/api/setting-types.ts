/** The settings of the library: `npm run docs:api` writes this file from the tables of flags. */

/** Settings of `train`: the flags of `resnet train`. */
export interface TrainSettings {
  /** Number of layers with weights. Default: 18. */
  readonly depth?: 18 | 34 | 50 | 101 | 152;
  /**
   * Channels of the first stage; each later stage has twice as many. Values: a whole number from 1 to 1024. Default: 64
   * (lesson, fast, photo, finetune), 16 (best), 24 (sprint).
   */
  readonly width?: number;
  /** Variant of the network (torchvision has no biases, and batch norm on shortcuts). Default: lesson. */
  readonly variant?: 'lesson' | 'torchvision';
  /**
   * First layers (cifar is 3x3 without a pool, for small images). Default: imagenet (lesson, fast, sprint, finetune),
   * cifar (best), cifar for images of up to 64 pixels a side, else imagenet (photo).
   */
  readonly stem?: 'imagenet' | 'cifar';
  /**
   * Number of classes, where the labels of the data are bare numbers; else the data name their classes. Values: a whole
   * number from 1 to 65535. Default: 10 for IDX files, else the largest label + 1.
   */
  readonly classes?: number;
  /**
   * Run whose weights training starts from: its name in --checkpoint-dir, its folder, or a checkpoint. Default: random
   * weights.
   */
  readonly init?: string;
  /** Key of a PyTorch file under which the weights are, like state_dict_ema. Default: the only one. */
  readonly from?: string;
  /** What becomes of the head of --init (new draws it anew by --seed). Default: kept if it has as many classes. */
  readonly head?: 'keep' | 'new';
  /**
   * Mean and standard deviation that normalise pixels from 0 to 1; auto computes those of the training images. Values:
   * auto, or an array of a mean and a standard deviation of at least 0.000001, or of all means and then all deviations
   * of the channels. Default: that of --init; else 0.5,0.5 for MNIST, auto for other data.
   */
  readonly normalize?: readonly number[] | 'auto';
  /** Preset of the learning options, --width and --stem. Default: fast. */
  readonly recipe?: 'lesson' | 'fast' | 'best' | 'sprint' | 'photo' | 'finetune';
  /**
   * Images of a training step. Values: a whole number of at least 1. Default: 64 (fast, photo), 128 (lesson, best,
   * sprint), 32 (finetune).
   */
  readonly batchSize?: number;
  /**
   * Passes over the training images, those before a resume included. Values: a whole number of at least 1. Default: 2
   * (lesson, fast, sprint), 6 (best, finetune), 30 (photo).
   */
  readonly epochs?: number;
  /**
   * Adam's learning rate: the highest of the schedule. Values: a number above 0, within single precision. Default:
   * 0.001 (lesson, fast, photo), 0.006 (best, sprint), 0.003 (finetune).
   */
  readonly lr?: number;
  /** Schedule of the learning rate. Default: one-cycle (fast, best, sprint, photo, finetune), constant (lesson). */
  readonly schedule?: 'constant' | 'linear' | 'cosine' | 'one-cycle' | 'step';
  /**
   * Epochs, or a fraction of one, in which the learning rate rises. Values: a number of at least 0. Default: 0; with
   * one-cycle 0.3 of the epochs (lesson, fast, photo, finetune), 0.5 (best), 0.3 (sprint).
   */
  readonly warmup?: number;
  /**
   * Random change of each training image, drawn again in each epoch. Default: shift (fast), none (lesson, sprint,
   * finetune), affine (best), photo (photo).
   */
  readonly augment?: 'none' | 'shift' | 'affine' | 'flip' | 'photo';
  /**
   * Weights of the classes in the training loss; balanced makes classes of any size count alike. Values: none,
   * balanced, or a file with a number above 0 for each class. Default: none.
   */
  readonly classWeights?: 'none' | 'balanced' | readonly number[] | string;
  /**
   * AdamW weight decay. Values: a number of at least 0. Default: 0 (lesson, fast, finetune), 0.05 (best, sprint,
   * photo).
   */
  readonly weightDecay?: number;
  /**
   * Decay rates of Adam's first and second moment. Values: an array of two numbers from 0 to below 1. Default: 0.9,0.99
   * (fast), 0.9,0.999 (lesson, best, sprint, photo, finetune).
   */
  readonly betas?: readonly [first: number, second: number];
  /** Adam's ε. Values: a number above 0, within single precision. Default: 1e-8. */
  readonly eps?: number;
  /**
   * Largest norm of all gradients together; larger gradients are scaled down to it. Values: a number above 0, within
   * single precision. Default: no clipping.
   */
  readonly clipNorm?: number;
  /**
   * Label smoothing ε: the fraction of each target that is spread over all classes. Values: a number from 0 to below 1.
   * Default: 0.1 (fast, best, photo, finetune), 0 (lesson, sprint).
   */
  readonly labelSmoothing?: number;
  /**
   * Decay of an exponential moving average of the weights, which is validated and saved as best; 0 is off. Values: a
   * number from 0 to below 1. Default: 0.
   */
  readonly ema?: number;
  /**
   * Factor of the learning rate of all but the head; below 1, a trained body changes more slowly. Values: a number
   * above 0, within single precision. Default: 1 (lesson, fast, best, sprint, photo), 0.3 (finetune).
   */
  readonly lrBody?: number;
  /**
   * Parts of the body that keep the weights of --init, computed but not trained. Default: none (lesson, fast, best,
   * sprint, photo), stem,stage1,stage2,stage3,stage4 (finetune).
   */
  readonly freeze?: readonly ('stem' | 'stage1' | 'stage2' | 'stage3' | 'stage4')[];
  /**
   * Epoch, counted from 1, from which on the frozen parts are trained too. Values: a whole number of at least 2.
   * Default: never (lesson, fast, best, sprint, photo), 2 (finetune).
   */
  readonly thawAt?: number;
  /**
   * With several workers: batch norm by the whole batch's statistics, or (=false) by each part's. Default: on where a
   * part has fewer than 8 images.
   */
  readonly syncBatchNorm?: boolean;
  /** With several workers: type in which gradients travel; bfloat16 halves the bytes. Default: float32. */
  readonly reduce?: 'float32' | 'bfloat16';
  /**
   * Training images held out to choose the best epoch: a count or a fraction. Values: a whole number of at least 1, or
   * a fraction between 0 and 1. Default: 5000 for MNIST, else a tenth; the data may have validation images of their
   * own.
   */
  readonly valSize?: number;
  /**
   * Images held out to test with, where the data have no test part: a count or a fraction. Values: a whole number of at
   * least 1, or a fraction between 0 and 1. Default: a tenth.
   */
  readonly testSize?: number;
  /** Train on only this many images. Values: a whole number of at least 1. Default: all. */
  readonly limitTrain?: number;
  /** Validate on only this many images. Values: a whole number of at least 1. Default: all. */
  readonly limitVal?: number;
  /** Folder or file of the data: a folder a class, IDX, CIFAR, .npz, .npy, Parquet or CSV. Default: MNIST. */
  readonly dataDir?: string;
  /** Exchange the images' rows and columns: for data that lie on their side, as EMNIST does. Default: false. */
  readonly transpose?: boolean;
  /** Format of the data. Default: found out from the names of the files. */
  readonly dataFormat?: 'idx' | 'folder' | 'cifar' | 'npz' | 'npy' | 'parquet' | 'csv';
  /**
   * File with the names of the classes, one a line, in the order of the labels. Default: the data's own names, by code
   * points.
   */
  readonly classNames?: string;
  /** Column of the pictures in a CSV or Parquet file. Default: the usual names, such as file or image. */
  readonly fileColumn?: string;
  /** Column of the labels in a CSV or Parquet file. Default: the usual names, such as label. */
  readonly labelColumn?: string;
  /**
   * Column of a CSV file that says whether an image is of train, val or test. Default: the usual names, such as split.
   */
  readonly splitColumn?: string;
  /** Leave pictures out that cannot be read. Default: false. */
  readonly skipBroken?: boolean;
  /**
   * Side, or height and width, of the images in pixels. Values: a side or HxW in pixels, each from 1 to 65536, like 64
   * or 48x64. Default: the pictures' own where all are equal and at most 96, else 64.
   */
  readonly imageSize?: number | string;
  /** How pictures of another shape become images (pad fills with the mean colour). Default: pad. */
  readonly fit?: 'pad' | 'crop' | 'stretch';
  /** Channels of the images (1 is grey). Default: 3 if any picture has colour. */
  readonly channels?: 1 | 3;
  /**
   * How predict reads pictures with this model (digit looks for one as MNIST has them). Default: digit for MNIST,
   * QMNIST and the digits of EMNIST, else picture.
   */
  readonly as?: 'digit' | 'picture';
  /**
   * Seed of the initial weights, the validation split and the order of images. Values: a whole number from 0 to
   * 4294967295. Default: 0.
   */
  readonly seed?: number;
  /** Measure on the validation images that chooses the best epoch, also for --patience. Default: loss. */
  readonly bestBy?: 'loss' | 'accuracy' | 'balanced-accuracy' | 'macro-f1';
  /** End after this many epochs without a better one. Values: a whole number of at least 1. Default: never. */
  readonly patience?: number;
  /**
   * Start no epoch that would end later, e.g. 90s, 10m or 1.5h; the first epoch is always trained. Values: a time above
   * 0 in seconds, or with s, m or h after it, like 90s or 10m. Default: no limit.
   */
  readonly maxTime?: number | string;
  /**
   * Training steps between two saves within an epoch. Values: a whole number of at least 1. Default: save after each
   * epoch.
   */
  readonly saveInterval?: number;
  /** Folder for the run's checkpoints and its log. Default: checkpoints. */
  readonly checkpointDir?: string;
  /**
   * Name of the run: its folder within --checkpoint-dir. Values: a folder's name: not a path, and not a name that is
   * used within a run's folder. Default: none; the run is in --checkpoint-dir itself.
   */
  readonly name?: string;
  /** Resume a run: its name in --checkpoint-dir, its folder or a checkpoint; else that in --checkpoint-dir. */
  readonly resume?: boolean | string;
  /** Settings that may change in a resumed run, although it is then another run. Default: none. */
  readonly override?: readonly (
    | 'seed'
    | 'batch-size'
    | 'val-size'
    | 'test-size'
    | 'limit-train'
    | 'limit-val'
    | 'data'
  )[];
  /**
   * Once the run has a best checkpoint, remove all but the newest N folders in earlier/. Values: a whole number of at
   * least 0. Default: all are kept.
   */
  readonly keepEarlier?: number;
  /**
   * Train together with other workers: host:port of each, the same list for all; worker 0 writes. Values: host:port.
   * Default: TF_CONFIG's, else this process alone.
   */
  readonly cluster?: string;
  /** Which worker of --cluster this process is. Values: a whole number of at least 0. Default: TF_CONFIG's. */
  readonly rank?: number;
  /**
   * Port of worker 0 on which the workers find each other, beside TensorFlow's. Values: a whole number from 1 to 65535.
   * Default: the next free one after worker 0's in --cluster.
   */
  readonly controlPort?: number;
  /**
   * How long the workers wait for one another at the start. Values: a time above 0 in seconds, or with s, m or h after
   * it, like 90s or 10m. Default: 5m.
   */
  readonly startLimit?: number | string;
  /** Train and validate one batch, and save nothing. Default: false. */
  readonly dryRun?: boolean;
  /**
   * Memory for images; more of them are read from the disk while they are used. Values: a size above 0 with K, M, G or
   * T after it, like 512M or 4G. Default: a quarter of what is free.
   */
  readonly dataMemory?: number | string;
  /** Run each step op by op, not as one graph. Default: false. */
  readonly noCompile?: boolean;
  /** Library that computes (auto is tensorflow, else wasm). Default: auto. */
  readonly backend?: 'auto' | 'tensorflow' | 'wasm';
  /** Device that computes (auto is a GPU if there is one). Default: auto. */
  readonly device?: 'auto' | 'gpu' | 'cpu';
  /** Compute even if memory seems too small for it. Default: false. */
  readonly noMemoryCheck?: boolean;
  /** Training steps between two progress lines. Values: a whole number of at least 1. Default: 100. */
  readonly logInterval?: number;
  /** Write event files for TensorBoard into the run's folder. Default: false. */
  readonly tensorboard?: boolean;
}

/** Settings of `evaluate`: the flags of `resnet eval`. */
export interface EvaluateSettings {
  /**
   * Mean and standard deviation that normalise pixels from 0 to 1; a checkpoint that says its own decides. Values: an
   * array of a mean and a standard deviation of at least 0.000001, or of all means and then all deviations of the
   * channels. Default: the checkpoint's own; else ImageNet's for colour images under torchvision's names, and 0.5,0.5
   * for others.
   */
  readonly normalize?: readonly number[];
  /**
   * Folder or file of the data: a folder a class, IDX, CIFAR, .npz, .npy, Parquet or CSV. Default: the data that the
   * model was trained on.
   */
  readonly dataDir?: string;
  /** Format of the data. Default: found out from the names of the files. */
  readonly dataFormat?: 'idx' | 'folder' | 'cifar' | 'npz' | 'npy' | 'parquet' | 'csv';
  /** Column of the pictures in a CSV or Parquet file. Default: the usual names, such as file or image. */
  readonly fileColumn?: string;
  /** Column of the labels in a CSV or Parquet file. Default: the usual names, such as label. */
  readonly labelColumn?: string;
  /**
   * Column of a CSV file that says whether an image is of train, val or test. Default: the usual names, such as split.
   */
  readonly splitColumn?: string;
  /** Leave pictures out that cannot be read. Default: false. */
  readonly skipBroken?: boolean;
  /** Images to evaluate. Default: test. */
  readonly split?: 'test' | 'val' | 'train';
  /** Evaluate only this many images. Values: a whole number of at least 1. Default: all. */
  readonly limitTest?: number;
  /**
   * Run to use: its name in --checkpoint-dir, its folder, or a checkpoint (.safetensors, .pth). Default: the run in
   * --checkpoint-dir; without that flag and without a run, the model that comes with resnet.
   */
  readonly checkpoint?: string;
  /** Folder of a run, or of several with names. Default: checkpoints. */
  readonly checkpointDir?: string;
  /** Key of a PyTorch file under which the weights are, like state_dict_ema. Default: the only one. */
  readonly from?: string;
  /**
   * Memory for images; more of them are read from the disk while they are used. Values: a size above 0 with K, M, G or
   * T after it, like 512M or 4G. Default: a quarter of what is free.
   */
  readonly dataMemory?: number | string;
  /** Run each step op by op, not as one graph. Default: false. */
  readonly noCompile?: boolean;
  /** Library that computes (auto is tensorflow, else wasm). Default: auto. */
  readonly backend?: 'auto' | 'tensorflow' | 'wasm';
  /** Device that computes (auto is a GPU if there is one). Default: auto. */
  readonly device?: 'auto' | 'gpu' | 'cpu';
  /** Compute even if memory seems too small for it. Default: false. */
  readonly noMemoryCheck?: boolean;
  /** Give the network's own probabilities, without the checkpoint's temperature. Default: false. */
  readonly noTemperature?: boolean;
  /**
   * Number of mistakes to draw: those made with the highest probability. Values: a whole number of at least 0. Default:
   * 0.
   */
  readonly worst?: number;
}

/** Settings of `predict`: the flags of `resnet predict`. */
export interface PredictSettings {
  /**
   * Mean and standard deviation that normalise pixels from 0 to 1; a checkpoint that says its own decides. Values: an
   * array of a mean and a standard deviation of at least 0.000001, or of all means and then all deviations of the
   * channels. Default: the checkpoint's own; else ImageNet's for colour images under torchvision's names, and 0.5,0.5
   * for others.
   */
  readonly normalize?: readonly number[];
  /** How to read pictures. Default: as the model was trained to. */
  readonly as?: 'digit' | 'picture';
  /**
   * Side, or height and width, of the images of whole pictures in pixels. Values: a side or HxW in pixels, each from 1
   * to 65536, like 64 or 48x64. Default: that of the training images, else 224x224.
   */
  readonly imageSize?: number | string;
  /**
   * Run to use: its name in --checkpoint-dir, its folder, or a checkpoint (.safetensors, .pth). Default: the run in
   * --checkpoint-dir; without that flag and without a run, the model that comes with resnet.
   */
  readonly checkpoint?: string;
  /** Folder of a run, or of several with names. Default: checkpoints. */
  readonly checkpointDir?: string;
  /** Key of a PyTorch file under which the weights are, like state_dict_ema. Default: the only one. */
  readonly from?: string;
  /** Run each step op by op, not as one graph. Default: false. */
  readonly noCompile?: boolean;
  /** Library that computes (auto is tensorflow, else wasm). Default: auto. */
  readonly backend?: 'auto' | 'tensorflow' | 'wasm';
  /** Device that computes (auto is a GPU if there is one). Default: auto. */
  readonly device?: 'auto' | 'gpu' | 'cpu';
  /** Compute even if memory seems too small for it. Default: false. */
  readonly noMemoryCheck?: boolean;
  /** Number of classes to name, the most probable ones. Values: a whole number of at least 1. Default: 3. */
  readonly top?: number;
  /**
   * Call a picture unknown if its most probable class is less probable than this. Values: a number from 0 to 1.
   * Default: 0.
   */
  readonly minProbability?: number;
  /** Give the network's own probabilities, without the checkpoint's temperature. Default: false. */
  readonly noTemperature?: boolean;
}

/** Settings of `openCheckpoint`: how the checkpoint is read, and what computes. */
export interface OpenSettings {
  /**
   * Mean and standard deviation that normalise pixels from 0 to 1; a checkpoint that says its own decides. Values: an
   * array of a mean and a standard deviation of at least 0.000001, or of all means and then all deviations of the
   * channels. Default: the checkpoint's own; else ImageNet's for colour images under torchvision's names, and 0.5,0.5
   * for others.
   */
  readonly normalize?: readonly number[];
  /** How to read pictures. Default: as the model was trained to. */
  readonly as?: 'digit' | 'picture';
  /**
   * Side, or height and width, of the images of whole pictures in pixels. Values: a side or HxW in pixels, each from 1
   * to 65536, like 64 or 48x64. Default: that of the training images, else 224x224.
   */
  readonly imageSize?: number | string;
  /** Folder of a run, or of several with names. Default: checkpoints. */
  readonly checkpointDir?: string;
  /** Key of a PyTorch file under which the weights are, like state_dict_ema. Default: the only one. */
  readonly from?: string;
  /** Run each step op by op, not as one graph. Default: false. */
  readonly noCompile?: boolean;
  /** Library that computes (auto is tensorflow, else wasm). Default: auto. */
  readonly backend?: 'auto' | 'tensorflow' | 'wasm';
  /** Device that computes (auto is a GPU if there is one). Default: auto. */
  readonly device?: 'auto' | 'gpu' | 'cpu';
  /** Compute even if memory seems too small for it. Default: false. */
  readonly noMemoryCheck?: boolean;
}

/** Settings of the answers of an open checkpoint. */
export interface AnswerSettings {
  /** Number of classes to name, the most probable ones. Values: a whole number of at least 1. Default: 3. */
  readonly top?: number;
  /**
   * Call a picture unknown if its most probable class is less probable than this. Values: a number from 0 to 1.
   * Default: 0.
   */
  readonly minProbability?: number;
  /** Give the network's own probabilities, without the checkpoint's temperature. Default: false. */
  readonly noTemperature?: boolean;
}

/** Settings of the evaluation of an open checkpoint. */
export interface OpenEvaluateSettings {
  /**
   * Folder or file of the data: a folder a class, IDX, CIFAR, .npz, .npy, Parquet or CSV. Default: the data that the
   * model was trained on.
   */
  readonly dataDir?: string;
  /** Format of the data. Default: found out from the names of the files. */
  readonly dataFormat?: 'idx' | 'folder' | 'cifar' | 'npz' | 'npy' | 'parquet' | 'csv';
  /** Column of the pictures in a CSV or Parquet file. Default: the usual names, such as file or image. */
  readonly fileColumn?: string;
  /** Column of the labels in a CSV or Parquet file. Default: the usual names, such as label. */
  readonly labelColumn?: string;
  /**
   * Column of a CSV file that says whether an image is of train, val or test. Default: the usual names, such as split.
   */
  readonly splitColumn?: string;
  /** Leave pictures out that cannot be read. Default: false. */
  readonly skipBroken?: boolean;
  /** Images to evaluate. Default: test. */
  readonly split?: 'test' | 'val' | 'train';
  /** Evaluate only this many images. Values: a whole number of at least 1. Default: all. */
  readonly limitTest?: number;
  /**
   * Memory for images; more of them are read from the disk while they are used. Values: a size above 0 with K, M, G or
   * T after it, like 512M or 4G. Default: a quarter of what is free.
   */
  readonly dataMemory?: number | string;
  /** Give the network's own probabilities, without the checkpoint's temperature. Default: false. */
  readonly noTemperature?: boolean;
  /**
   * Number of mistakes to draw: those made with the highest probability. Values: a whole number of at least 0. Default:
   * 0.
   */
  readonly worst?: number;
}

/** Settings of `summary`: the flags of `resnet summary`. */
export interface SummarySettings {
  /** Number of layers with weights. Default: 18. */
  readonly depth?: 18 | 34 | 50 | 101 | 152;
  /**
   * Channels of the first stage; each later stage has twice as many. Values: a whole number from 1 to 1024. Default:
   * 64.
   */
  readonly width?: number;
  /** Variant of the network (torchvision has no biases, and batch norm on shortcuts). Default: lesson. */
  readonly variant?: 'lesson' | 'torchvision';
  /** First layers (cifar is 3x3 without a pool, for small images). Default: imagenet. */
  readonly stem?: 'imagenet' | 'cifar';
  /** Number of classes. Values: a whole number from 1 to 1000000. Default: 10. */
  readonly classes?: number;
  /** Parts of the body that are not trained. Default: none. */
  readonly freeze?: readonly ('stem' | 'stage1' | 'stage2' | 'stage3' | 'stage4')[];
  /**
   * Shape of one image: channels x height x width. Values: an array of channels, height and width, each a whole number
   * from 1 to 65536. Default: 1x224x224.
   */
  readonly input?: readonly [channels: number, height: number, width: number];
  /** Images of the batch. Values: a whole number from 1 to 1000000. Default: 1. */
  readonly batch?: number;
}

/** Settings of `exportModel`: the flags of `resnet export`. */
export interface ExportSettings {
  /**
   * Mean and standard deviation that normalise pixels from 0 to 1; a checkpoint that says its own decides. Values: an
   * array of a mean and a standard deviation of at least 0.000001, or of all means and then all deviations of the
   * channels. Default: the checkpoint's own; else ImageNet's for colour images under torchvision's names, and 0.5,0.5
   * for others.
   */
  readonly normalize?: readonly number[];
  /**
   * Side, or height and width, of the network's images in pixels. Values: a side or HxW in pixels, each from 1 to
   * 65536, like 64 or 48x64. Default: that of the training images; another tool's file does not say it.
   */
  readonly imageSize?: number | string;
  /**
   * Run to use: its name in --checkpoint-dir, its folder, or a checkpoint (.safetensors, .pth). Default: the run in
   * --checkpoint-dir.
   */
  readonly checkpoint?: string;
  /** Folder of a run, or of several with names. Default: checkpoints. */
  readonly checkpointDir?: string;
  /** Key of a PyTorch file under which the weights are, like state_dict_ema. Default: the only one. */
  readonly from?: string;
  /** Form of the file, which must be given. */
  readonly format: 'pth' | 'safetensors' | 'onnx' | 'tfjs' | 'saved-model';
  /** Write the weights as float16, which takes half the room. Default: false. */
  readonly half?: boolean;
  /**
   * Have the network take normalised images; else it takes numbers from 0 to 255, and normalises them. Default: false.
   */
  readonly raw?: boolean;
  /** Keep batch norms as layers; else each becomes a part of the convolution before it. Default: false. */
  readonly keepBatchNorm?: boolean;
  /** Have the network return probabilities, at the checkpoint's temperature; else it returns logits. Default: false. */
  readonly probabilities?: boolean;
  /**
   * File or folder to write. Default: the checkpoint's name with the form's extension, beside it: best.pth, best-tfjs
   * in the run's folder.
   */
  readonly out?: string;
  /** Replace what is at --out. Default: false. */
  readonly overwrite?: boolean;
}
