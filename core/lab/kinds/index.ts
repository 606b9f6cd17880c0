import type { AnyKind } from '../kind'
import { ablate } from './ablate-run'
import { bench } from './bench-run'
import { compressModel } from './compress-model-run'
import { compress } from './compress-run'
import { compressSpeed } from './compress-speed-run'
import { compressText } from './compress-text-run'
import { evaluate } from './evaluate-run'
import { follow } from './follow-run'
import { likeness } from './likeness-run'
import { probeMachine } from './probe-machine-run'
import { record } from './record-run'
import { sensitivity } from './sensitivity-run'
import { speedAgainstSize } from './speed-against-size-run'
import { train } from './train-run'

/** Every kind of run but `stream`, which reads files in parts: those who can do so add it. */
export const kinds: readonly AnyKind[] = [
  train,
  record,
  follow,
  ablate,
  evaluate,
  bench,
  compress,
  compressModel,
  compressSpeed,
  compressText,
  sensitivity,
  likeness,
  speedAgainstSize,
  probeMachine
]
