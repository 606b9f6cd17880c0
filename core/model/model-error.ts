import { FormatError } from '../formats/format-error'

/** A model that cannot be opened, because one of its files is damaged or of a kind that cannot be run. */
export class ModelError extends FormatError {
  override readonly name = 'ModelError'
  /** Id of the model. */
  readonly model: string
  /** Name of the file in the model's folder. */
  readonly file: string

  constructor(model: string, file: string, reason: string, cause?: unknown) {
    const place = reason.startsWith(file) ? '' : `${file}: `
    super(`model '${model}': ${place}${reason}`, { cause })
    this.model = model
    this.file = file
  }
}
