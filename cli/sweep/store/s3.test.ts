/** Sweeps in S3-compatible storage, of which a double answers here: the requests are those of the client of AWS. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { runCommand } from '../../command.fixture'
import { sweepSetUp, tinySweep, weightsIn } from '../sweep.fixture'
import { openS3Store } from './s3'
import { startStorage } from './s3-server.fixture'

const [user, secret, bucket] = ['AKIATESTUSER', 'v3ry/s3cret+key', 'laboratory']

async function setUp() {
  const storage = await startStorage({ bucket, user })
  vi.stubEnv('AWS_ACCESS_KEY_ID', user)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secret)
  vi.stubEnv('AWS_ENDPOINT_URL_S3', storage.endpoint)
  return storage
}

afterEach(() => {
  vi.unstubAllEnvs()
})

test('a sweep in a bucket leaves what one in a folder does, and nowhere the credentials', async () => {
  const storage = await setUp()
  const { path, out, sweep } = await sweepSetUp(tinySweep(2, [1, 2]))
  const place = `s3://${bucket}/lab/first`
  const ran = await runCommand(['sweep', path, '--out', place, '--workers', '1'])
  expect(ran).toMatchObject({ status: 0, errors: '' })
  // A second call computes nothing: there is no program.
  const again = await runCommand(['sweep', path, '--out', place], { program: ['/no/such/program'] })
  expect(again).toEqual(ran)
  expect((await sweep(['--workers', '1'])).status).toBe(0)
  const inBucket = [...storage.objects].flatMap(([key, bytes]) => {
    const [, id] = /^lab\/first\/runs\/(.+)\/model\.safetensors$/.exec(key) ?? []
    return id === undefined ? [] : [[id, Buffer.from(bytes).toString('base64')] as const]
  })
  expect(Object.fromEntries(inBucket)).toEqual(await weightsIn(out))
  // Every file that a run in a folder leaves, and none of a hold.
  const [id = ''] = await readdir(join(out, 'runs'))
  const prefix = `lab/first/runs/${id}/`
  const names = [...storage.objects.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
  expect(names.sort()).toEqual((await readdir(join(out, 'runs', id))).sort())
  const header = (text: string) => text.split('\n')[0]
  const table = new TextDecoder().decode(storage.objects.get('lab/first/results.csv'))
  expect(header(table)).toBe(header(await readFile(join(out, 'results.csv'), 'utf8')))
  const everything = [
    ran.output,
    ran.errors,
    ...[...storage.objects.values()].map((each) => new TextDecoder().decode(each))
  ]
  for (const text of everything) for (const hidden of [user, secret]) expect(text).not.toContain(hidden)
})

test('a run is held by one at a time, and who has it no longer does not let go of it', async () => {
  await setUp()
  const { runs } = await openS3Store(`s3://${bucket}/holds`)
  const held = await runs.hold('a')
  expect(await runs.hold('a')).toBeUndefined()
  await held?.release()
  const several = await Promise.all([1, 2, 3].map(() => runs.hold('a')))
  expect(several.filter((each) => each !== undefined)).toHaveLength(1)
  expect(await runs.files('a').names()).toEqual([])
  for (const name of ['c', 'a/x', 'b']) await runs.files('a').write(name, new Uint8Array([1]))
  expect(await runs.files('a').names()).toEqual(['a/x', 'b', 'c'])
  expect(await runs.ids()).toEqual(['a'])
  // Its holder has given no sign of life for longer than any that lives.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  const taken = await runs.hold('a')
  vi.useRealTimers()
  expect(taken).toBeDefined()
  for (const each of several) await each?.release()
  expect(await runs.hold('a')).toBeUndefined()
  await taken?.release()
  expect(await runs.hold('a')).toBeDefined()
})

test('storage that cannot be used is told in a sentence, without credentials', async () => {
  const { endpoint } = await setUp()
  const { path } = await sweepSetUp(tinySweep(1, [1]))
  const at = (place: string) => runCommand(['sweep', path, '--out', place])
  expect(await at('s3://other/x')).toMatchObject({
    status: 1,
    errors: 'moescope: s3://other/x: there is no such bucket\n'
  })
  expect((await at('s3://')).status).toBe(2)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'SOMEBODY')
  const refused = await at(`s3://${bucket}/x`)
  expect(refused.errors).toBe(`moescope: s3://${bucket}/x refuses these credentials (InvalidAccessKeyId)\n`)
  vi.stubEnv('AWS_ENDPOINT_URL_S3', endpoint.replace(/\d+$/, '1'))
  const nobody = await at(`s3://${bucket}/x`)
  expect(nobody.errors).toMatch(/^moescope: s3:\/\/laboratory\/x does not answer as storage does: .*ECONNREFUSED.*\n$/)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', '')
  const without = await at(`s3://${bucket}/x`)
  expect(without.status).toBe(2)
  expect(without.errors).toMatch(/expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment/)
})
