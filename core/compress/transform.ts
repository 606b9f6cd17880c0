/** A transform is one object in one file, listed in `index.ts`. */
import type { z } from 'zod'
import type { Architecture } from '../arch/architecture'
import type { Calibration } from './calibration'
import type { StoredModel } from './stored-model'

/** A way to make a model smaller. */
export interface Transform {
  /** Its name in specs and files. */
  readonly id: string
  /** Its name in the field. */
  readonly name: string
  readonly papers: readonly Paper[]
  /** In words, what it saves. */
  readonly saves: string
  /** True where weights get fewer bits, which a model stands once. */
  readonly quantises?: true
  /** Its settings with their defaults, named as in specs and files; each has a description. */
  readonly settings: z.ZodObject<SettingsShape>
  /** The setting that is varied to see what it costs, and its values for a model, from what changes it least. */
  readonly sweep: Sweep
  /** The same by chance, which whatever looks at the model must beat. */
  readonly baseline?: { readonly id: string } & Settings
  /**
   * The model made smaller; the one that was given stays as it is. Rejects with a `RangeError` for what the model does not
   * admit: nothing would be left, it is quantised already, it has no experts.
   */
  apply(model: StoredModel, settings: Settings, calibration: Calibration): Promise<StoredModel>
}

export interface Sweep {
  readonly setting: string
  values(architecture: Architecture): readonly number[]
}

export interface Paper {
  /** Its arXiv id. */
  readonly arxiv: string
  /** The place in it: `section 3, equation 1`. */
  readonly place: string
}

/** Settings are plain values. */
export type SettingsShape = Record<string, z.ZodType<string | number | boolean>>
export type Settings = Readonly<Record<string, string | number | boolean>>

/** A transform whose settings are typed by its own schema; they were read by it before. */
export function defineTransform<Schema extends z.ZodObject<SettingsShape>>(
  transform: Omit<Transform, 'settings' | 'apply'> & {
    readonly settings: Schema
    readonly apply: (
      model: StoredModel,
      settings: z.infer<Schema>,
      calibration: Calibration
    ) => Promise<StoredModel> | StoredModel
  }
): Transform {
  return {
    ...transform,
    apply: async (model, settings, calibration) =>
      transform.apply(model, transform.settings.parse(settings), calibration)
  }
}
