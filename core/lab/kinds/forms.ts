import type { AnyForm } from '../kind'
import { ablateForm } from './ablate'
import { recordForm } from './record'
import { trainForm } from './train'

/** The form of every kind of run. */
export const runForms: readonly AnyForm[] = [trainForm, recordForm, ablateForm]
