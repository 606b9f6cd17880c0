import type { AnyForm } from '../kind'
import { ablateForm } from './ablate-form'
import { recordForm } from './record-form'
import { trainForm } from './train-form'

/** The form of every kind of run. */
export const runForms: readonly AnyForm[] = [trainForm, recordForm, ablateForm]
