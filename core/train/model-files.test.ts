import { expect, test } from 'vitest'
import { moeArchitecture } from '../arch/presets'
import { tokenizer } from '../corpus'
import { ModelError } from '../model/model-error'
import { parameterLayout } from '../model/parameters'
import { type ModelFiles, openModel } from '../model/runnable-model'
import { modelFiles } from './model-files'

const shape = { width: 16, experts: 4, expertWidth: 8, vocabularySize: tokenizer.size }

test('a model whose router other software does not have opens again, with what the router learned', async () => {
  const architecture = moeArchitecture({ ...shape, router: { kind: 'loss-free', update_rate: 0.25 } })
  const { size, parameters } = parameterLayout(architecture)
  expect(parameters.filter(({ name }) => name.endsWith('router.e_score_correction_bias'))).toHaveLength(2)
  const weights = Float32Array.from({ length: size }, (_, index) => index)
  const opened = await openModel('loss-free', filesOf(modelFiles(architecture, weights)))
  expect(opened.architecture).toEqual(architecture)
  expect(opened.parameters).toEqual(weights)
})

test('a router that there is not, and a setting that it does not have, are errors of config.json', async () => {
  const files = filesOf(
    modelFiles(moeArchitecture(shape), new Float32Array(parameterLayout(moeArchitecture(shape)).size))
  )
  const config = JSON.parse(new TextDecoder().decode(files.config)) as Record<string, unknown>
  const open = (router: unknown) => {
    const changed = JSON.stringify({ ...config, model_type: 'moescope_mixtral', router })
    return openModel('changed', { ...files, config: new TextEncoder().encode(changed) })
  }
  await expect(open({ kind: 'oracle' })).rejects.toThrow(ModelError)
  await expect(open({ kind: 'oracle' })).rejects.toThrow(
    /config\.json: router: kind: expected one of top-k, .*loss-free/
  )
  await expect(open({ kind: 'loss-free', rate: 1 })).rejects.toThrow(/config\.json: router: .*rate/)
})

function filesOf(files: ReturnType<typeof modelFiles>): ModelFiles {
  const content = (name: string) => {
    const found = files.find((file) => file.name === name)
    if (!found) throw new Error(`${name} was not written`)
    return found.content
  }
  return {
    config: content('config.json'),
    tokenizer: content('tokenizer.json'),
    weights: content('model.safetensors')
  }
}
