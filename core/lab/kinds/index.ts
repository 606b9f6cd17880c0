import type { AnyKind } from '../kind'
import { ablate } from './ablate'
import { follow } from './follow'
import { probeMachine } from './probe-machine'
import { record } from './record'
import { speedAgainstSize } from './speed-against-size'
import { train } from './train'

/** Every kind of run. */
export const kinds: readonly AnyKind[] = [train, record, follow, ablate, speedAgainstSize, probeMachine]
