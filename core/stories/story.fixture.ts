import type { Story } from './story'

/** A story of every kind of record, for tests. */
export const everyKind: Story = {
  id: 'every-kind',
  title: 'Every kind',
  answer: 'All of them.',
  chapters: [
    chapter({ kind: 'figure', ...shipped(0), value: 3.2, format: 'ratio', words: 'of it' }),
    chapter({
      kind: 'meters',
      ...shipped(0),
      rows: [
        { id: 'a', label: 'a', role: 'moe', total: 579, active: 106, effective: { estimate: null, low: 3, high: null } }
      ]
    }),
    chapter({
      kind: 'texts',
      ...shipped(4),
      prompt: 'anna ',
      experts: 4,
      models: [
        { id: 'd', role: 'dense', tokens: [...'lives'].map((text) => ({ text, experts: [] })) },
        { id: 'm', role: 'moe', tokens: [...'reads on'].map((text) => ({ text, experts: [[0, 3]], right: true })) }
      ]
    }),
    {
      ...chapter({
        kind: 'lines',
        ...shipped(4),
        x: { label: 'x', scale: 'log', format: 'count' },
        y: { label: 'y', scale: 'linear', format: 'loss' },
        series: [
          {
            id: 'line',
            label: 'line',
            mark: 'line',
            points: [
              { x: 1, y: 0 },
              { x: 10, y: 2 },
              { x: 100, y: 4 }
            ]
          },
          {
            id: 'points',
            label: '',
            mark: 'points',
            points: [
              { x: 1, y: 1 },
              { x: 100, y: 1 }
            ]
          }
        ],
        references: []
      }),
      pointer: 'line'
    },
    chapter({
      kind: 'bars',
      ...shipped(2),
      quantity: 'q',
      format: 'percent',
      rows: [1, 2, 3, 4].map((value) => ({ id: `${value}`, label: `${value}`, value }))
    }),
    chapter({
      kind: 'loads',
      ...shipped(2),
      frames: [0.25, 0.5, 0.75].map((share) => ({ label: `${share}`, shares: [[share, 1 - share]] }))
    }),
    chapter({ kind: 'sources', ...shipped(0), items: [{ what: 'w', from: 'f' }] })
  ]
}

function chapter(record: NonNullable<Story['chapters'][number]['record']>): Story['chapters'][number] {
  return { headline: record.kind, text: ['One line.'], notes: 'Say it.', minutes: 0.5, record }
}

function shipped(seconds: number) {
  return { basis: 'shipped', source: 'reports', seconds } as const
}
