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

/** The way each kind is read, as docs/model-types.md has it; `npx vitest run core/arch/families/transformers-totals -u` writes it. */
function modelTypesDocument(): string {
  const held = (kind: string) => (totals[kind] === undefined ? 'read from its sources' : 'exact')
  const unread = causalLanguageModels.filter((kind) => !knownModelTypes.includes(kind))
  const rows = [
    ...knownModelTypes.map((kind) => [kind, held(kind)] as const),
    ...unread.map((kind) => [kind, 'refused, best effort on demand'] as const)
  ].sort(([a], [b]) => (a < b ? -1 : 1))
  return `# Kinds of models that are read

By the \`model_type\` of config.json; in models of several modalities that of the language model. Made from the families
in \`core/arch/families\` by \`npx vitest run core/arch/families/transformers-totals -u\`.

- **exact**: counted to the unit as the class of transformers 5.18.0 is, for random edits of its configuration that lie in
  \`core/arch/families/transformers-totals.json\`: parameters, and the biases that balance routers.
- **read from its sources**: written from the model's own code or paper, which its reader names, and not compared with a
  class for random edits; a published total holds some of them (\`published-totals.test.ts\`).
- **refused, best effort on demand**: a class of transformers for text that no reader knows. It can be read by the names of
  its keys (\`--best-effort\`), which says what it read and what it did not know, and gives no figure where a key that it
  does not know looks like a size. So can any other kind.

| model_type | |
| --- | --- |
${rows.map(([kind, how]) => `| \`${kind}\` | ${how} |`).join('\n')}
`
}

test('docs/model-types.md says how each kind is read', async () => {
  await expect(modelTypesDocument()).toMatchFileSnapshot('../../../docs/model-types.md')
})
