/** Metadata of files as text: values of JSON, to be parsed further. */
import { z } from 'zod'
import { parseJson } from './json'

export const jsonValue = z.string().transform((text, { addIssue }): unknown => {
  try {
    return parseJson(text, 'it')
  } catch {
    addIssue(`expected JSON, found ${JSON.stringify(text.slice(0, 40))}`)
    return z.NEVER
  }
})

/** A list of texts in JSON. */
export const jsonStrings = jsonValue.pipe(z.array(z.string()))
