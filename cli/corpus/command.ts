/** `moescope corpus`: generated text. */
import { corpusFloor, createWorld, currentEdition, type DomainId, documents, domainIds, onlyDomain } from '@core/corpus'
import { oneOf, readOptions, wholeNumber } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'

export const help = `usage: moescope corpus [options]

Prints text of the generated languages that the models learn: one document a line, as many as it takes to reach the
number of characters. Nothing but the text goes to standard output, so that it can be kept in a file. The floor, in nats
per character, is the exact entropy of these languages: no model can expect a smaller loss.

  --seed S     which text (default 1)
  --chars N    characters at least (default 1000)
  --domain D   only this language: ${domainIds.join(', ')}
  --edition N  of this edition: 1 or 2 (default the one that the shipped models are of)
  --json       {text, domains: [one of each line of the text], floor, floor_by_domain: {domain: floor}}
`

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readOptions(args, {
    seed: { type: 'string', default: '1' },
    chars: { type: 'string', default: '1000' },
    domain: { type: 'string' },
    edition: { type: 'string', default: String(currentEdition) },
    json: { type: 'boolean' }
  })
  const seed = wholeNumber('--seed', values.seed, 0)
  const characters = wholeNumber('--chars', values.chars, 1, 100_000_000)
  const domain = values.domain === undefined ? undefined : oneOf('--domain', values.domain, domainIds)
  const edition = oneOf('--edition', values.edition, ['1', '2']) === '1' ? 1 : 2
  const world = createWorld({ edition })
  const floor = corpusFloor(world, domain && onlyDomain(domain))
  const lines: { readonly text: string; readonly domain: DomainId }[] = []
  let length = 0
  for (const document of documents({ world, seed, split: 'train', ...(domain ? { domain } : {}) })) {
    lines.push({ text: document.text, domain: domainIds[document.domain] ?? 'fact' })
    length += document.text.length
    if (length >= characters) break
  }
  if (values.json) {
    const text = lines.map((line) => line.text).join('')
    const domains = lines.map((line) => line.domain)
    terminal.write(`${JSON.stringify({ text, domains, floor: floor.total, floor_by_domain: floor.domains })}\n`)
  } else if (terminal.outputIsRead) {
    const { paint } = terminal
    for (const line of lines) terminal.write(`${paint.dim(line.domain.padEnd(5))} ${line.text}`)
    const parts = Object.entries(floor.domains).map(([id, nats]) => `${id} ${nats?.toFixed(3)}`)
    terminal.write(`\n${paint.bold(`floor ${floor.total.toFixed(3)} nats per character`)} (${parts.join(', ')})\n`)
  } else for (const line of lines) terminal.write(line.text)
}
