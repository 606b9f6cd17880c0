import fc from 'fast-check'
import { expect, test } from 'vitest'
import { denseArchitecture } from '../arch/presets'
import { tokenizer, uncounted } from '../corpus'
import { openTokenizer } from '../tokenizers/open'
import files from '../tokenizers/subword-files.json'
import { textWindows } from './text-windows'

const model = (context: number, of = tokenizer) => ({
  id: 'm',
  architecture: denseArchitecture({ width: 8, vocabularySize: of.size, context }),
  tokenizer: of
})
const texts = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n'), minLength: 2, maxLength: 60 })

test('every character is predicted once, after what stands before it', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 16 }), (text, context) => {
      const { count, tokens, targets, domains, bytes } = textWindows(model(context), text, 'here')
      const counted = [...domains.keys()].filter((i) => domains[i] !== uncounted)
      expect(tokenizer.decode(counted.map((i) => targets[i] ?? -1))).toBe(text)
      expect(bytes).toBe(text.length)
      expect(tokens).toHaveLength(count * context)
      // Within a window a target is the next input.
      for (const i of counted)
        if ((i + 1) % context !== 0 && domains[i + 1] !== uncounted) expect(tokens[i + 1]).toBe(targets[i])
    })
  )
})

test('bytes are those of what is predicted: all after a begin-of-text, all but the first token without one', async () => {
  const [bytes, opened] = await Promise.all(files.map(({ json }) => openTokenizer(json)))
  if (!bytes || !opened) throw new Error('no tokenizers')
  const text = 'the 12 €'
  expect(textWindows(model(64, opened), text, 'here').bytes).toBe(10)
  expect(textWindows(model(64, bytes), text, 'here').bytes).toBe(7)
})

test('what cannot be measured is told', () => {
  expect(() => textWindows(model(8), 'a', 'a.txt')).toThrow('a.txt is too short')
  expect(() => textWindows(model(8), 'Äa', 'a.txt')).toThrow('a.txt has characters that model \'m\' does not know: "Ä"')
})
