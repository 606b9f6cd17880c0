import { expect, test } from 'vitest'
import { notesMarkdown } from './notes'
import type { Story } from './story'

const story: Story = {
  id: 'a',
  title: 'A_b',
  answer: '1. It is.',
  chapters: [
    { headline: 'First', text: ['- One', 'two *stars*'], notes: 'Say it.\n\n# Then that.', minutes: 0.75 },
    {
      headline: 'Last',
      text: [],
      notes: '',
      minutes: 1,
      record: { kind: 'figure', basis: 'shipped', source: 'report', seconds: 0, value: 1, format: 'count', words: 'w' }
    }
  ]
}

test('the notes of every chapter, in which no letter is a sign of Markdown', () => {
  expect(notesMarkdown(story)).toBe(`# A\\_b

1\\. It is.

2 chapters, 1.75 min

## 1. First (0.75 min)

- \\- One
- two \\*stars\\*

Say it.

\\# Then that.

## 2. Last (1 min)

*shipped: report*
`)
})
