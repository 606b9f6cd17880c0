// node scripts/record-stories.mjs [NAME ...]: records with the terminal's commands what the built-in stories show
// beside the reports of the shipped models. Each file says the command that it came from.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const program = resolve('out/cli/moescope.js')
const folder = resolve('cli/story/recordings')
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const scratch = mkdtempSync(join(tmpdir(), 'moescope-stories-'))

const domains = ['fact', 'dict', 'book', 'arith', 'seq', 'brkt', 'var', 'engl']
const compare = ['compare', '--score', 'none', '--temperature', '0', '--tokens', '36']

/** @type {Readonly<Record<string, () => object>>} */
const recordings = {
  'compare-fact': () => recorded([...compare, '--prompt', 'stella lives in ']),
  'compare-seq': () => recorded([...compare, '--prompt', 'rev abdcfe>']),
  'ablate-moe-64': () => recorded(['ablate', 'moe-64', '--every-expert', '--tokens', '30000']),
  'ablate-moe-64-unbalanced': () => recorded(['ablate', 'moe-64-unbalanced', '--every-expert', '--tokens', '30000']),
  'loads-by-domain': () => {
    const commands = domains.map((domain) => byDomain('moe-64', domain))
    return {
      command: 'moescope corpus --domain D --chars 20000 | moescope trace record moe-64 | moescope trace stats --json',
      result: Object.fromEntries(commands)
    }
  },
  'compress-moe-64': () => sweep('moe-64'),
  'compress-dense-152': () => sweep('dense-152', false)
}

const wanted = process.argv.slice(2)
for (const [name, record] of Object.entries(recordings)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(name)
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ version, ...record() })}\n`)
}
rmSync(scratch, { recursive: true })

/** @param {readonly string[]} args */
function recorded(args) {
  const words = args.map((each) => (/^[\w.:=-]+$/.test(each) ? each : JSON.stringify(each)))
  return { command: `moescope ${words.join(' ')}`, result: JSON.parse(moescope([...args, '--json'])) }
}

/** @param {readonly string[]} args */
function moescope(args) {
  return execFileSync(process.execPath, [program, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 })
}

/**
 * Shares of the assignments of each layer that each expert got on text of one domain.
 *
 * @param {string} model
 * @param {string} domain
 */
function byDomain(model, domain) {
  const [text, trace] = [join(scratch, 'text.txt'), join(scratch, 'trace.safetensors')]
  writeFileSync(text, moescope(['corpus', '--domain', domain, '--chars', '20000', '--seed', '9']))
  moescope(['trace', 'record', model, '--text', text, '--out', trace])
  const { layers } = JSON.parse(moescope(['trace', 'stats', trace, '--json']))
  return [domain, layers.map((/** @type {{ load: number[] }} */ { load }) => load)]
}

/**
 * One model made smaller in several ways.
 *
 * @param {string} model
 * @param {boolean} [hasExperts]
 */
function sweep(model, hasExperts = true) {
  const specs = [
    ...[8, 4, 3, 2].map((bits) => `rtn:bits=${bits}`),
    ...[4, 3, 2].map((bits) => `gptq:bits=${bits}`),
    ...[0.2, 0.4, 0.5, 0.6].map((share) => `wanda:share=${share}`),
    ...(hasExperts
      ? ['random', 'frequency', 'reap', 'damage'].flatMap((by) =>
          [14, 12, 8].map((keep) => `experts:keep=${keep},by=${by}`)
        )
      : []),
    ...(hasExperts ? [14, 12, 8].map((keep) => `merge:keep=${keep}`) : []),
    'layers:drop=1'
  ]
  return {
    command: `moescope compress ${model} --with SPEC`,
    result: specs.map((spec) => {
      console.log(`  ${model} ${spec}`)
      return { spec, ...recorded(['compress', model, '--with', spec, '--tokens', '20000']).result }
    })
  }
}
