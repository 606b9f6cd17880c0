import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bundleWorkerWithPage, importInWorkers, leaveOutJsonSchemas } from './page-bundle'

const folder = mkdtempSync(join(tmpdir(), 'moescope-bundle-'))
afterAll(() => rmSync(folder, { recursive: true }))

const files = {
  'package.json': '{ "type": "module" }',
  'index.html': '<script type="module" src="./main.ts"></script>',
  'main.ts': `
    import { shared } from './shared'
    import('./view').then(({ view }) => console.log(shared, view))
    console.log(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }))`,
  'view.ts': "export const view = 'of the page alone'",
  'worker.ts': "import('./part').then(({ part }) => postMessage(part))",
  'part.ts': "import { shared } from './shared'\nexport const part = [shared, 'of the worker alone']",
  'shared.ts': "export const shared = 'of both'",
  'schema.ts': `
    import { z } from 'zod'
    export const schema = z.object({ width: z.int().min(1), name: z.string().optional() })`
}

let chunks: Rolldown.OutputChunk[] = []

beforeAll(async () => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const { output } = (await build({
    configFile: false,
    root: folder,
    base: './',
    logLevel: 'error',
    plugins: [bundleWorkerWithPage(), importInWorkers()],
    build: { outDir: 'out' }
  })) as Rolldown.RolldownOutput
  chunks = output.filter((each) => each.type === 'chunk')
})

test('what the page and its worker both need stands once in what is built', () => {
  const holding = (text: string) => chunks.filter(({ code }) => code.includes(text))
  const [worker] = chunks.filter(({ fileName }) => /^assets\/worker-[\w-]+\.js$/.test(fileName))
  const [page] = chunks.filter(({ isEntry, name }) => isEntry && name === 'index')
  expect(holding('of both')).toHaveLength(1)
  expect(holding('of the worker alone')).toHaveLength(1)
  expect(holding('of the page alone')).toHaveLength(1)
  expect(page?.code).toContain(worker?.fileName.replace('assets/', ''))
})

test('a worker, which has no document, imports by demand', async () => {
  const [worker] = chunks.filter(({ name }) => name === 'worker')
  const message = new Promise((resolve) => vi.stubGlobal('postMessage', resolve))
  await import(pathToFileURL(join(folder, 'out', worker?.fileName ?? '')).href)
  expect(await message).toEqual(['of both', 'of the worker alone'])
  vi.unstubAllGlobals()
})

test('schemas are built without what writes them as JSON, and check as before', async () => {
  const [built] = (await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    resolve: { alias: { zod: fileURLToPath(import.meta.resolve('zod')) } },
    plugins: [leaveOutJsonSchemas()],
    build: { outDir: 'schema', minify: false, lib: { entry: 'schema.ts', formats: ['es'], fileName: 'schema' } }
  })) as Rolldown.RolldownOutput[]
  const [chunk] = built?.output ?? []
  expect(chunk?.code).not.toMatch(/processJSONSchema =|draft-2020-12/)
  const { schema } = await import(pathToFileURL(join(folder, 'schema', chunk?.fileName ?? '')).href)
  expect(schema.parse({ width: 8 })).toEqual({ width: 8 })
  expect(schema.safeParse({ width: 0, name: 1 }).error.issues.map(({ path }: { path: string[] }) => path)).toEqual([
    ['width'],
    ['name']
  ])
  expect(() => schema.toJSONSchema()).toThrow('built without JSON schemas')
})
