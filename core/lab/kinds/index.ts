import type { AnyKind } from '../kind'
import { ablate } from './ablate-run'
import { record } from './record-run'
import { train } from './train-run'

/** Every kind of run. */
export const kinds: readonly AnyKind[] = [train, record, ablate]
