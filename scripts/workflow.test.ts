import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { scripts } from '../package.json'

/** The part of a workflow that is used, after https://docs.github.com/actions/reference/workflow-syntax. */
const workflow = z.object({
  on: z.object({ push: z.object({ branches: z.array(z.string()) }), pull_request: z.null() }).loose(),
  permissions: z.strictObject({ contents: z.literal('read') }),
  jobs: z.record(
    z.string(),
    z.strictObject({
      name: z.string(),
      strategy: z.object({ matrix: z.object({ os: z.array(z.string()) }) }).loose(),
      'runs-on': z.string(),
      'timeout-minutes': z.number(),
      env: z.record(z.string(), z.string()),
      steps: z.array(
        z.union([
          z.strictObject({ uses: z.string(), with: z.record(z.string(), z.unknown()) }),
          z.strictObject({ name: z.string().optional(), if: z.string().optional(), run: z.string() })
        ])
      )
    })
  )
})

const source = readFileSync(resolve('.github/workflows/ci.yml'), 'utf8')
const { jobs } = workflow.parse(parse(source))
const all = Object.values(jobs).flatMap(({ steps }) => steps)
const commands = all.flatMap((step) => ('run' in step ? [step] : []))

describe('the workflow', () => {
  test('runs on the three systems', () => {
    expect(jobs.package?.strategy.matrix.os.map((name) => name.split('-')[0])).toEqual(['ubuntu', 'macos', 'windows'])
  })

  test('runs only commands that there are', () => {
    const named = commands.flatMap(({ run }) => [...run.matchAll(/\bnpm run ([\w:]+)/g)].map(([, name = '']) => name))
    expect(new Set(named)).toEqual(new Set(['package', 'smoke']))
    for (const name of named) expect(scripts).toHaveProperty([name])
  })

  test.each(['Linux', 'macOS', 'Windows'])('tests, packages and starts the app on %s', (system) => {
    const here = commands.filter(({ if: condition }) => holds(condition, system)).map(({ run }) => run)
    const order = ['npm ci', 'npm test', 'npm run package', 'npm run smoke']
    const places = order.map((command) => here.findIndex((line) => line.includes(command)))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('uses actions of a named version and no secret', () => {
    for (const step of all) if ('uses' in step) expect(step.uses).toMatch(/^actions\/[a-z-]+@v\d+$/)
    expect(source).not.toMatch(/secrets\.|pull_request_target/)
  })
})

/** True when a step's condition holds, which asks for nothing but the system. */
function holds(condition: string | undefined, system: string): boolean {
  if (condition === undefined) return true
  const [, operator, name] = /^runner\.os (==|!=) '(\w+)'$/.exec(condition) ?? []
  if (operator === undefined) throw new Error(`expected a condition on runner.os, found ${condition}`)
  return (operator === '==') === (name === system)
}
