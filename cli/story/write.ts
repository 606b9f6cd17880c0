/** Built-in stories: each is a file in `written/` that tells figures, and none is typed. */
import type { SourcesRecord } from '@core/stories/records'
import type { Chapter, Story } from '@core/stories/story'
import type { Facts } from './facts'

/** A story as it is written: of the figures that ship, one that is told. */
export interface WrittenStory {
  readonly id: string
  write(facts: Facts): Promise<Story>
}

/** Defines a built-in story. Its `tell` throws where the figures do not say any more what it claims. */
export function defineStory(
  id: string,
  title: string,
  tell: (facts: Facts) => Promise<Pick<Story, 'answer' | 'chapters'>>
): WrittenStory {
  return {
    id,
    write: async (facts) => {
      const { answer, chapters } = await tell(facts)
      return {
        id,
        title,
        answer: unbroken(answer),
        chapters: chapters.map((each) => ({ ...each, text: each.text.map(unbroken) }))
      }
    }
  }
}

/** The text with each number and its unit, and its deviation, on one line. */
function unbroken(text: string): string {
  return text.replaceAll(/(?<=\d) (?=(?:[kMBT]|[kM]B|%|nats|±)(?!\w))|(?<=±) /g, '\u00a0')
}

/** A comparison of two models, live. */
export function comparison(choices: {
  readonly left: string
  readonly right: string
  readonly prompt?: string
  readonly pair?: string
}): NonNullable<Chapter['choices']> {
  return view('compare', choices)
}

/** A view that shows a chapter live, with what is chosen in it, as a saved state has it. */
export function view(id: string, choices: Readonly<Record<string, unknown>> = {}): NonNullable<Chapter['choices']> {
  return { format: 'moescope.state/4', edition: 2, choices: { view: id, ...choices } }
}

/** The last chapter of a story. */
export function sourcesOf(items: SourcesRecord['items']): Chapter {
  return {
    headline: 'Where all this comes from',
    text: ['Models and reports ship with Moescope: whatever was measured here can be measured again.'],
    notes: 'Leave this on the screen while people ask questions.',
    minutes: 0.5,
    record: { kind: 'sources', basis: 'shipped', source: 'assets/models; docs', seconds: 0, items }
  }
}
