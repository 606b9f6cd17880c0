import type { AnyForm } from '../kind'
import { ablateForm } from './ablate'
import { compressForm } from './compress'
import { compressModelForm } from './compress-model'
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
  compressModelForm,
  speedAgainstSizeForm,
  probeMachineForm
]
