import type { AnyKind } from '../kind'
import { ablate } from './ablate-run'
import { compress } from './compress-run'
import { follow } from './follow-run'
import { probeMachine } from './probe-machine-run'
import { record } from './record-run'
import { speedAgainstSize } from './speed-against-size-run'
import { train } from './train-run'

/** Every kind of run. */
export const kinds: readonly AnyKind[] = [train, record, follow, ablate, compress, speedAgainstSize, probeMachine]
