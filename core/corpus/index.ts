/** Generated languages with exactly known entropy; their tokenizer; batches; right and wrong answers. */

export { type Answer, type AnswerTally, checkAnswers, type Tally, tallyAnswers } from './answers'
export {
  type BatchOptions,
  consecutiveWindows,
  createBatches,
  type TextPart,
  uncounted,
  validationWindows,
  type Windows
} from './batches'
export { type DomainId, domainIds, ownDomain, type TextDomainId, textDomainIds } from './domain-ids'
export { computationDomains, domainOf, domains, memoryDomains } from './domains'
export { type DocumentEntropy, type Domain, type Truth } from './domains/domain'
export { currentEdition, type Edition, editions } from './edition'
export { corpusFloor, type Floor } from './floor'
export {
  type Corpus,
  type CorpusOptions,
  type DocumentsOptions,
  documents,
  type GeneratedDocument,
  generateCorpus,
  type Split,
  type Text
} from './generate'
export { createMixture, defaultShares, type MixturePart, onlyDomain, type Shares } from './mixture'
export { mostTextBytes, type OwnText, readOwnText, requireTextSize, splitOwnText, whyTooShort } from './own-text'
export { examplePrompts } from './prompts'
export { type SpecifiedCorpus, specifiedDocuments, specifiedFloor } from './specified'
export { tokenizer } from './tokenizer'
export { createWorld, type World, worldOf } from './world'
export { defaultWorldSize, smallWorldSize, type WorldSize } from './world-size'
