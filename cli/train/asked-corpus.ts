/** The corpus that a spec of a training asks for, with the text that it names. */
import { dirname, resolve } from 'node:path'
import { currentEdition, type Edition, type OwnText, readOwnText } from '@core/corpus'
import type { TrainingCorpus } from '@core/formats/training-report'
import { sha256 } from '@core/lab/run-id'
import { generatedCorpus, type TrainFile } from '@core/lab/train-file'
import { readExisting } from '../terminal/files'

/** The corpus of a spec, and the user's text where it asks for one. */
export interface AskedCorpus {
  readonly corpus: TrainingCorpus
  readonly own: OwnText | undefined
}

/**
 * Reads the text that a spec names, if it names one. Throws a `FailureError` or a `FormatError` when it cannot be learnt.
 *
 * @param specPath of the spec, from whose folder the path of the text counts
 * @param edition of the generated text where the spec leaves it open
 */
export async function askedCorpus(
  { corpus }: Pick<TrainFile, 'corpus'>,
  specPath: string,
  edition: Edition = currentEdition
): Promise<AskedCorpus> {
  if (!('file' in corpus)) return { corpus: generatedCorpus(corpus, edition), own: undefined }
  const { file, share, generated } = corpus
  const path = resolve(dirname(specPath), file)
  const own = readOwnText(await readExisting(path), path)
  const text = { kind: 'text' as const, sha256: await sha256(own.text) }
  return {
    corpus: share === 1 ? text : { ...text, beside: { share, corpus: generatedCorpus(generated, edition) } },
    own
  }
}
