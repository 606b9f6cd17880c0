import type { AnyForm } from '../kind'
import { ablateForm } from './ablate'
import { compressForm } from './compress'
import { followForm } from './follow'
import { probeMachineForm } from './probe-machine'
import { recordForm } from './record'
import { speedAgainstSizeForm } from './speed-against-size'
import { trainForm } from './train'

/** The form of every kind of run. */
export const runForms: readonly AnyForm[] = [
  trainForm,
  recordForm,
  followForm,
  ablateForm,
  compressForm,
  speedAgainstSizeForm,
  probeMachineForm
]
