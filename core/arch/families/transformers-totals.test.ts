import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { countDescription } from '../count/parameters'
import { knownModelTypes, readDescription } from '../describe/read'

const schema = z.object({
  causalLanguageModels: z.array(z.string()),
  totals: z.record(z.string(), z.array(z.tuple([z.record(z.string(), z.unknown()), z.int()])))
})
const file = new URL('transformers-totals.json', import.meta.url)
const { totals, causalLanguageModels } = schema.parse(JSON.parse(readFileSync(file, 'utf8')))

describe('random edits of the configuration classes of transformers are counted as its models are', () => {
  test.each(Object.entries(totals))('%s', (_, edits) => {
    for (const [config, total] of edits) expect(countDescription(readDescription(config)).total).toBe(total)
  })
})

test('most kinds are held to transformers', () => {
  expect(Object.keys(totals).length).toBeGreaterThan(130)
  expect(knownModelTypes.length).toBeGreaterThan(200)
})

/** Kinds of the list whose own `model_type` has no reader, each with the reason. */
const withoutReader: Readonly<Record<string, string>> = {
  git: 'refused: its tokens and pictures share one stack; a best effort reads the part for text by its keys',
  got_ocr2: 'as the `model_type` of its text_config, which is `qwen2`',
  'gpt-sw3': 'as `gpt2`, which its files say they are',
  musicgen: 'as the `model_type` of its decoder',
  musicgen_melody: 'as the `model_type` of its decoder',
  reformer: 'refused: its positions are products of tables and its attention goes by hashes; ask for a best effort'
}

test('every class of transformers for text has a reader, or a reason why not', () => {
  const unread = causalLanguageModels.filter((kind) => !knownModelTypes.includes(kind))
  expect(unread.sort()).toEqual(Object.keys(withoutReader).sort())
})

test('an encoder and a decoder of two kinds are counted as the decoder, and the rest is named', () => {
  const [[decoder, total] = [{}, 0]] = totals.trocr ?? []
  const description = readDescription({ model_type: 'vision-encoder-decoder', encoder: { model_type: 'vit' }, decoder })
  expect(countDescription(description).total).toBe(total)
  expect(description).toMatchObject({ nestedIn: 'decoder', leftOut: ['encoder'] })
})

/** The way each kind is read, as docs/model-types.md has it; `npx vitest run core/arch/families/transformers-totals -u` writes it. */
function modelTypesDocument(): string {
  const held = (kind: string) => (totals[kind] === undefined ? 'read from its sources' : 'exact')
  const rows = [...knownModelTypes.map((kind) => [kind, held(kind)] as const), ...Object.entries(withoutReader)].sort(
    ([a], [b]) => (a < b ? -1 : 1)
  )
  return `# Kinds of models that are read

By the \`model_type\` of config.json; in models of several modalities that of the language model. Made from the families
in \`core/arch/families\` by \`npx vitest run core/arch/families/transformers-totals -u\`.

- **exact**: counted to the unit as the class of transformers 5.18.0 is, for random edits of its configuration that lie in
  \`core/arch/families/transformers-totals.json\`: parameters, and the biases that balance routers. Encoders and models with
  an encoder and a decoder are counted as the class that \`architectures\` names; a file that names none says so in a note.
- **read from its sources**: written from the model's own code or paper, which its reader names, and not compared with a
  class for random edits; a published total holds some of them (\`published-totals.test.ts\`).
- **refused**: no reader knows it. It can be read by the names of its keys (\`--best-effort\`), which says what it read and
  what it did not know, and gives no figure where a key that it does not know looks like a size. So can any other kind.

| model_type | |
| --- | --- |
${rows.map(([kind, how]) => `| \`${kind}\` | ${how} |`).join('\n')}
`
}

test('docs/model-types.md says how each kind is read', async () => {
  await expect(modelTypesDocument()).toMatchFileSnapshot('../../../docs/model-types.md')
})
