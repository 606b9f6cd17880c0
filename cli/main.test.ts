import { glossaryEntries } from '@core/glossary'
import { expect, test } from 'vitest'
import { runCommand } from './command.fixture'

const commands = [
  'compare',
  'models',
  'params',
  'eval',
  'ablate',
  'corpus',
  'train',
  'trace',
  'laws',
  'bench',
  'pretrain'
]

test('help lists the commands, and each explains itself', async () => {
  const { status, output } = await runCommand(['help'])
  expect(status).toBe(0)
  for (const command of commands) {
    expect(output).toContain(`\n  ${command}`)
    const help = await runCommand([command, '--help'])
    expect(help).toMatchObject({ status: 0, errors: '' })
    expect(help.output).toMatch(new RegExp(`^usage: moescope ${command} `))
    for (const line of help.output.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  }
})

test('help glossary defines every term, with its source', async () => {
  const { status, output } = await runCommand(['help', 'glossary'])
  expect(status).toBe(0)
  for (const { term, definition, source } of glossaryEntries) {
    expect(output).toContain(`  ${term}`)
    expect(output).toContain(`    ${definition}\n    ${source}\n`)
  }
})

test.each([
  [[], /^usage: moescope COMMAND/],
  [['frob'], /unknown command 'frob'/],
  [['toString'], /unknown command 'toString'/],
  [['corpus', '--foo'], /unknown option '--foo'/],
  [['corpus', '--chars'], /--chars.*argument missing/],
  [['corpus', '--chars', 'many'], /--chars: expected a whole number from 1 .*found 'many'/],
  [['corpus', '--chars', '-3'], /--chars/],
  [['corpus', '--chars', '1.5'], /--chars: expected a whole number/],
  [['corpus', '--seed', ''], /--seed: expected a whole number of 0 or more, found ''/],
  [['corpus', '--domain', 'poetry'], /expected one of fact, dict.*found 'poetry'/],
  [['corpus', 'more'], /unexpected argument 'more'/],
  [['compare', '--temperature', 'hot'], /--temperature: expected a number from 0 to 4, found 'hot'/],
  [['compare', '--threads', '0'], /--threads: expected a whole number from 1/],
  [['eval'], /MODEL is missing/],
  [['ablate'], /MODEL is missing/],
  [['ablate', 'moe-64', '--mask', '0'], /--mask: expected L:E\[,E\.\.\.\], such as 0:3 or all:3, found '0'/],
  [['ablate', 'moe-64', '--force', '0:1,2'], /--force: expected L:E, such as 0:3 or all:3, found '0:1,2'/],
  [['ablate', 'moe-64', '--top-k', '0'], /--top-k: expected a whole number of 1 or more, found '0'/],
  [['train', '--out', 'x'], /SPEC\.json\.\.\. is missing/],
  [['train', 'spec.json'], /--out DIR is missing/],
  [['train', 'spec.json', '--out', ''], /--out DIR is missing/],
  [['train', 'spec.json', '--out', '-'], /--out: expected a folder, found '-', which is standard output/],
  [['trace'], /trace: expected record, stats, compare, place, convert, found nothing/],
  [['trace', 'replay'], /expected record, stats, compare, place, convert, found 'replay'/],
  [['trace', 'record', 'moe-64', '--out', 'x'], /--text FILE or --ids FILE is missing/],
  [['trace', 'stats'], /FILE is missing/],
  [['trace', 'stats', 'x', '--capacity', '0'], /--capacity: expected a number from 0.01/],
  [['trace', 'compare', 'x'], /B is missing/],
  [['trace', 'place', 'x', '--gpus', '8'], /--replicas R is missing/],
  [['bench', '--backend', 'abacus'], /--backend/],
  [['pretrain', '--workers', 'two'], /--workers: expected a whole number/]
])('wrong usage %j is exit status 2 and says what is wrong on standard error', async (args, message) => {
  const { status, output, errors } = await runCommand(args)
  expect(errors).toMatch(message)
  expect({ status, output }).toEqual({ status: 2, output: '' })
})
