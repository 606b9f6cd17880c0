import type { AnyKind } from '../kind'
import { ablate } from './ablate'
import { record } from './record'
import { train } from './train'

/** Every kind of run. */
export const kinds: readonly AnyKind[] = [train, record, ablate]
