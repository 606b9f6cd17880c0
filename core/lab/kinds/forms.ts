import type { AnyForm } from '../kind'
import { ablateForm } from './ablate'
import { benchForm } from './bench'
import { compressForm } from './compress'
import { compressModelForm } from './compress-model'
import { compressSpeedForm } from './compress-speed'
import { compressTextForm } from './compress-text'
import { evaluateForm } from './evaluate'
import { followForm } from './follow'
import { likenessForm } from './likeness'
import { probeMachineForm } from './probe-machine'
import { recordForm } from './record'
import { sensitivityForm } from './sensitivity'
import { speedAgainstSizeForm } from './speed-against-size'
import { trainForm } from './train'

/** The form of every kind of run. */
export const runForms: readonly AnyForm[] = [
  trainForm,
  recordForm,
  followForm,
  ablateForm,
  evaluateForm,
  benchForm,
  compressForm,
  compressModelForm,
  compressSpeedForm,
  compressTextForm,
  sensitivityForm,
  likenessForm,
  speedAgainstSizeForm,
  probeMachineForm
]
